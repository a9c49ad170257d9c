package io.nadb.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.TimeSource;
import io.nadb.backup.Backup;
import io.nadb.backup.Backups;
import io.nadb.testkit.NadbHarness;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code verify} shows while it is under way, on a clock that goes on at each look. */
class VerifyProgressTest {
  private static final Pattern BAR =
      Pattern.compile("verify [█░]{20} +(\\d+)%  [^,]* of ([^,]*), [^,]*/s, [^,]* left");

  private final NadbHarness harness = NadbHarness.create();
  private final Path data = harness.directory().resolve("data");
  private final Path backups = harness.directory().resolve("backups");

  @AfterEach
  void close() {
    harness.close();
  }

  /** Where each look takes a second. */
  private record SlowTime(TimeSource time, AtomicLong looks) implements TimeSource {
    @Override
    public Instant now() {
      return time.now();
    }

    @Override
    public long nanoTime() {
      return looks.incrementAndGet() * 1_000_000_000;
    }

    @Override
    public Alarm newAlarm(String owner) {
      return time.newAlarm(owner);
    }

    @Override
    public boolean await(CompletableFuture<?> done, Duration timeout) throws InterruptedException {
      return time.await(done, timeout);
    }
  }

  /** Somebody who looks at the standard error alone. */
  private record Terminal() implements Screen {
    @Override
    public boolean isInput() {
      return false;
    }

    @Override
    public boolean isOutput() {
      return false;
    }

    @Override
    public boolean isErrors() {
      return true;
    }

    @Override
    public int columns() {
      return 120;
    }
  }

  /** What the bars have shown. */
  private record Shown(int exit, List<Integer> percents, List<String> totals) {}

  private Shown verify(Path what) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Environment environment =
        new Environment(
            InputStream.nullInputStream(),
            new PrintStream(new ByteArrayOutputStream(), false, UTF_8),
            new PrintStream(err, false, UTF_8),
            new Terminal(),
            harness.registry(),
            new SlowTime(harness.time(), new AtomicLong()),
            ZoneOffset.UTC,
            Optional.empty());
    int exit = NadbCli.run(environment, "verify", what.toString());
    Matcher bars = BAR.matcher(err.toString(UTF_8));
    List<Integer> percents = new ArrayList<>();
    List<String> totals = new ArrayList<>();
    while (bars.find()) {
      percents.add(Integer.parseInt(bars.group(1)));
      totals.add(bars.group(2).strip());
    }
    return new Shown(exit, percents, totals);
  }

  private KeyValueStore filled() {
    KeyValueStore store = harness.open("nadb:fs:" + data + "?flush=off&metadata=none");
    Random random = new Random(1);
    for (int i = 0; i < 50; i++) {
      byte[] value = new byte[200_000];
      random.nextBytes(value);
      store.set("k" + i, value);
    }
    store.flush();
    return store;
  }

  @Test
  void aStoreIsShownFromItsBeginningToItsEnd() {
    filled().close();
    Shown shown = verify(data);

    assertThat(shown.exit).isZero();
    assertThat(shown.percents).isSorted().hasSizeGreaterThan(8).endsWith(100);
    assertThat(shown.totals).containsOnly("9.5 MB");
  }

  @Test
  void aBackupIsShownThroughBothReadings() {
    try (KeyValueStore store = filled()) {
      Backup backup = Backups.at(backups).create(store);
      Shown shown = verify(backup.directory());

      assertThat(shown.exit).isZero();
      assertThat(shown.percents).isSorted().endsWith(100);
      assertThat(shown.percents).filteredOn(percent -> percent < 50).hasSizeGreaterThan(5);
      assertThat(shown.percents).filteredOn(percent -> percent > 50).hasSizeGreaterThan(5);
      assertThat(shown.totals).containsOnly("9.5 MB");
    }
  }

  @Test
  void severalBackupsAreShownAsOneAlsoIfOneIsDamaged() throws IOException {
    try (KeyValueStore store = filled()) {
      Path first = Backups.at(backups).create(store).directory();
      for (int i = 0; i < 3; i++) {
        Backups.at(backups).createFull(store);
      }
      assertThat(verify(backups).percents)
          .isSorted()
          .hasSizeGreaterThan(30)
          .endsWith(100)
          .doesNotHaveDuplicates();
      assertThat(verify(backups).totals).containsOnly("38 MB");

      Path manifest = first.resolve("main/backup.manifest");
      Files.writeString(manifest, "nonsense", UTF_8);
      Shown shown = verify(backups);
      assertThat(shown.exit).isEqualTo(ExitCode.CORRUPT.code());
      assertThat(shown.percents).isSorted().hasSizeGreaterThan(20).endsWith(100);
      assertThat(shown.totals).as("without the damaged one").containsOnly("29 MB");
    }
  }

  @Test
  void aBackupThatIsDamagedInItsMidstCountsAsOneThatIsDone() throws IOException {
    try (KeyValueStore store = filled()) {
      Path first = Backups.at(backups).create(store).directory();
      Backups.at(backups).createFull(store);
      Path segment = first.resolve("main/log/0000000001.seg");
      byte[] bytes = Files.readAllBytes(segment);
      bytes[5_000_000] ^= 1;
      Files.write(segment, bytes);

      Shown shown = verify(backups);
      assertThat(shown.exit).isEqualTo(ExitCode.CORRUPT.code());
      assertThat(shown.percents).isSorted().endsWith(100);
      assertThat(shown.percents).filteredOn(percent -> percent > 26 && percent < 50).isEmpty();
      assertThat(shown.percents).filteredOn(percent -> percent > 50).hasSizeGreaterThan(10);
      assertThat(shown.totals).containsOnly("19 MB");
    }
  }
}

package io.nadb.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.internal.registry.NadbRegistryProvider;
import io.nadb.testkit.VirtualTime;
import io.nadb.testkit.disk.SimulatedDisk;
import io.nadb.testkit.disk.SimulatedDisk.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups in whose midst segments are begun, rewritten, replaced and given up. */
class BackupAmidWorkTest {
  private static final int KEYS = 30;

  @TempDir Path temp;
  private final VirtualTime time = new VirtualTime();
  private SimulatedDisk disk;
  private StoreRegistry registry;
  private KeyValueStore store;

  @BeforeEach
  void open() throws IOException {
    disk = new SimulatedDisk(temp.resolve("data"));
    registry = new NadbRegistryProvider().create(time, disk);
    store = registry.open(url("data"));
  }

  @AfterEach
  void close() {
    disk.heal();
    registry.close();
  }

  private String url(String name) {
    return "nadb:fs:"
        + temp.resolve(name)
        + "?flush=off&segment=64kb&sweep=1s&metadata=none&compression=none";
  }

  private Backups backups() {
    return Backups.at(temp.resolve("backups"));
  }

  /** Sets all keys anew, in several segments. */
  private void overwrite(int round) {
    for (int i = 0; i < KEYS; i++) {
      store.set("key" + i, (round + "-" + i + "x".repeat(40_000)).getBytes(UTF_8));
      if (i % 10 == 9) {
        store.flush();
      }
    }
  }

  private static Map<String, String> content(KeyValueStore store) {
    Map<String, String> found = new TreeMap<>();
    store.keys("").forEach(key -> found.put(key, new String(store.get(key).orElseThrow(), UTF_8)));
    return found;
  }

  private void assertHas(Backup backup, Map<String, String> expected) {
    backup.verify();
    try (StoreRegistry readers = StoreRegistry.create(time);
        KeyValueStore read = readers.open("nadb:fs:" + backup.directory() + "?access=read")) {
      assertThat(content(read)).isEqualTo(expected);
    }
  }

  @Test
  void segmentsThatAreBegunRewrittenAndReplacedMeanwhileDoNotShow() {
    overwrite(0);
    Map<String, String> before = content(store);
    List<Long> compactions = new ArrayList<>();

    Backup backup =
        backups()
            .reporting(
                (bytes, total) -> {
                  if (compactions.size() < 5) {
                    overwrite(1 + compactions.size());
                    time.advance(Duration.ofMinutes(1));
                    compactions.add(store.stats().compactions());
                  }
                })
            .create(store);

    assertThat(compactions).isNotEmpty();
    assertThat(compactions.get(0)).as("compactions in the midst").isPositive();
    assertHas(backup, before);
    Map<String, String> after = content(store);
    Backup next = backups().create(store);
    assertHas(next, after);
    backup.delete();
    assertHas(next, after);
  }

  /** The segment ends in half a cut, which could not even be cut off. */
  @Test
  void aSegmentThatWasGivenUpIsBackedUpUpToItsLastCut() {
    overwrite(0);
    backups().create(store);
    int write = disk.count();
    disk.failing(index -> index == write ? Fault.HALF_DONE : Fault.REFUSED);
    store.set("torn", "t".repeat(5_000).getBytes(UTF_8));
    assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
    assertThatThrownBy(() -> backups().create(store))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("simulated I/O error");
    assertThat(backups().list()).hasSize(1).allSatisfy(Backup::verify);
    disk.heal();

    assertEachBackupHasAllFrom("after a torn write");
  }

  @Test
  void aSegmentWhoseSyncFailedIsBackedUpWithWhatWasWrittenOnceMore() {
    overwrite(0);
    backups().create(store);
    store.set("unsure", "u".repeat(5_000).getBytes(UTF_8));
    int first = disk.count();
    disk.failing(index -> index > first ? Fault.REFUSED : null); // The write goes through.
    assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
    disk.heal();

    assertEachBackupHasAllFrom("after a failed sync");
  }

  private void assertEachBackupHasAllFrom(String what) {
    store.set("later", what.getBytes(UTF_8));
    Map<String, String> now = content(store);
    assertHas(backups().create(store), now);
    assertHas(backups().createFull(store), now);
    IntStream.range(0, 20).forEach(i -> store.set("more" + i, new byte[6_000]));
    Map<String, String> rolled = content(store);
    Backup last = backups().create(store);
    assertHas(last, rolled);
    last.restore(temp.resolve("restored"));
    assertThat(content(registry.open(url("restored")))).as(what).isEqualTo(rolled);
  }
}

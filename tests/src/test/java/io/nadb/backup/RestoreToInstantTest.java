package io.nadb.backup;

import static io.nadb.testing.Bytes.random;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nadb.CorruptStoreException;
import io.nadb.HistoryLostException;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup of a store whose history is kept is restored to any moment of it. */
class RestoreToInstantTest {
  private static final int KEYS = 12;

  @TempDir private Path directory;
  private final VirtualTime time = new VirtualTime();
  private StoreRegistry registry = StoreRegistry.create(time);
  private KeyValueStore store;

  /** What there was after each cut, and when that was. */
  private final List<Map<String, String>> contents = new ArrayList<>();

  private final List<Instant> cuts = new ArrayList<>();

  @BeforeEach
  void open() {
    store = registry.open(url("data", "&history=20m"));
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private String url(String name, String more) {
    return "nadb:fs:"
        + directory.resolve(name)
        + "?segment=64kb&flush=off&sweep=off&metadata=none"
        + more;
  }

  private void cut(int round) {
    for (int i = 0; i < KEYS; i++) {
      if ((i + round) % 5 == 0) {
        store.delete("key" + i);
      } else {
        byte[] value = random(1000 + 97 * i + round);
        store.set("key" + i, value, SetOptions.tags("round" + round));
      }
    }
    store.set("round", Integer.toString(round).getBytes(UTF_8));
    store.flush();
    cuts.add(time.now());
    contents.add(content(store));
    time.advance(Duration.ofMinutes(1));
  }

  private static Map<String, String> content(KeyValueStore store) {
    Map<String, String> content = new TreeMap<>();
    for (String key : store.keys("")) {
      content.put(key, store.entry(key).orElseThrow().metadata() + " " + hash(store, key));
    }
    content.put("tags", store.tags().toString());
    return content;
  }

  private static int hash(KeyValueStore store, String key) {
    return new String(store.get(key).orElseThrow(), UTF_8).hashCode();
  }

  private Backup backup() {
    return Backups.at(directory.resolve("backups")).create(store);
  }

  @Test
  void eachMomentThatIsKeptIsRestoredAndWhatIsNotIsRefused() {
    for (int round = 0; round < 60; round++) {
      cut(round);
    }
    assertThat(store.stats().compactions()).isPositive();
    Backup backup = backup();
    HistoryLostException lost =
        catchThrowableOfType(
            HistoryLostException.class,
            () -> backup.restore(directory.resolve("never"), cuts.get(0)));
    Instant earliest = lost.earliest().orElseThrow();
    assertThat(lost).hasMessageContaining("earliest moment that can be restored from it is");
    assertThat(directory.resolve("never")).doesNotExist();
    int restored = 0;
    for (int round = 0; round < cuts.size(); round++) {
      Instant moment = cuts.get(round).plusSeconds(7);
      if (moment.isBefore(earliest)) {
        continue;
      }
      String name = "restored" + round;
      backup.restore(directory.resolve(name), moment);
      restored++;
      try (KeyValueStore again = registry.open(url(name, "&history=1h"))) {
        assertThat(content(again)).as("round %s", round).isEqualTo(contents.get(round));
        again.set("more", random(10));
        again.flush();
        if (!cuts.get(round - 1).isBefore(earliest)) {
          try (Snapshot before = again.snapshotAt(moment.minusSeconds(60))) {
            assertThat(before.get("round")).hasValue(Integer.toString(round - 1).getBytes(UTF_8));
            assertThat(before.contains("more")).isFalse();
          }
        }
      }
      try (KeyValueStore again = registry.open(url(name, ""))) {
        assertThat(again.contains("more")).isTrue();
      }
    }
    assertThat(restored).isGreaterThanOrEqualTo(20);
  }

  @Test
  void theEarliestMomentCanBeRestoredAndTheOneBeforeItCannot() {
    for (int round = 0; round < 40; round++) {
      cut(round);
    }
    Backup backup = backup();
    Instant earliest =
        catchThrowableOfType(
                HistoryLostException.class,
                () -> backup.restore(directory.resolve("never"), Instant.EPOCH.minusSeconds(1)))
            .earliest()
            .orElseThrow();
    assertThatThrownBy(() -> backup.restore(directory.resolve("never"), earliest.minusMillis(1)))
        .isInstanceOf(HistoryLostException.class);
    backup.restore(directory.resolve("first"), earliest);
    try (KeyValueStore first = registry.open(url("first", ""))) {
      assertThat(content(first)).isEqualTo(contents.get(cuts.indexOf(earliest)));
    }
  }

  @Test
  void whatCameAfterTheBackupIsNotKnownToIt() {
    cut(0);
    Backup backup = backup();
    Instant made = backup.time();
    assertThatThrownBy(() -> backup.restore(directory.resolve("never"), made.plusMillis(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was made at " + made);
    backup.restore(directory.resolve("now"), made);
    try (KeyValueStore now = registry.open(url("now", ""))) {
      assertThat(content(now)).isEqualTo(contents.get(0));
    }
  }

  @Test
  void aDamagedFileIsNamedAndNothingIsMade() throws IOException {
    for (int round = 0; round < 10; round++) {
      cut(round);
    }
    Backup backup = backup();
    Path first;
    try (Stream<Path> files = Files.walk(backup.directory())) {
      first = files.filter(file -> file.toString().endsWith(".seg")).sorted().toList().get(0);
    }
    byte[] bytes = Files.readAllBytes(first);
    bytes[bytes.length / 2] ^= 1;
    Files.write(first, bytes);
    assertThatThrownBy(() -> backup.restore(directory.resolve("never"), cuts.get(5)))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining(String.valueOf(first.getFileName()));
    assertThat(directory.resolve("never")).doesNotExist();
    assertThat(directory.resolve("never.partial")).doesNotExist();
  }
}

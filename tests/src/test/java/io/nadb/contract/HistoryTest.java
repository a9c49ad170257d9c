package io.nadb.contract;

import static io.nadb.testing.Bytes.random;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nadb.HistoryLostException;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import io.nadb.StoreCapability;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code history} keeps of the past, and what it gives back. */
class HistoryTest {
  private static final int KEYS = 40;

  @TempDir private Path directory;
  private final VirtualTime time = new VirtualTime();
  private StoreRegistry registry = StoreRegistry.create(time);

  @AfterEach
  void close() {
    registry.close();
  }

  private KeyValueStore open(String more) {
    return registry.open(
        "nadb:fs:" + directory + "?segment=64kb&flush=off&metadata=none&sweep=60s" + more);
  }

  private KeyValueStore reopen(String more) {
    registry.close();
    registry = StoreRegistry.create(time);
    return open(more);
  }

  /** Overwrites everything, 64 KB and more, in one cut; returns when that was. */
  private Instant overwrite(KeyValueStore store, int round) {
    for (int i = 0; i < KEYS; i++) {
      store.set("key" + i, random(1800 + round % 7), SetOptions.tags("round" + round));
    }
    store.set("round", Integer.toString(round).getBytes(UTF_8));
    store.flush();
    return time.now();
  }

  private static String round(Snapshot snapshot) {
    return snapshot.get("round").map(value -> new String(value, UTF_8)).orElse("none");
  }

  private static String roundAt(KeyValueStore store, Instant moment) {
    try (Snapshot snapshot = store.snapshotAt(moment)) {
      assertThat(snapshot.tags()).containsOnlyKeys("round" + round(snapshot));
      assertThat(snapshot.size()).isEqualTo(KEYS + 1);
      return round(snapshot);
    }
  }

  private static Instant earliest(KeyValueStore store) {
    return catchThrowableOfType(
            HistoryLostException.class, () -> store.snapshotAt(Instant.EPOCH).close())
        .earliest()
        .orElseThrow();
  }

  @Test
  void theLogStaysBoundedAndTheWindowStaysWholeWhileItMovesOn() {
    KeyValueStore store = open("&history=10m");
    assertThat(store.capabilities()).contains(StoreCapability.HISTORY);
    Instant[] rounds = new Instant[120];
    for (int i = 0; i < rounds.length; i++) {
      rounds[i] = overwrite(store, i);
      time.advance(Duration.ofMinutes(1));
      for (int back = 0; back < 10 && back <= i; back++) {
        assertThat(roundAt(store, rounds[i - back])).isEqualTo(Integer.toString(i - back));
      }
    }
    assertThat(store.stats().compactions()).isGreaterThan(10);
    assertThat(store.stats().totalBytes())
        .as("ten rounds, what was there before them, and what waits for compaction")
        .isBetween(10 * 75_000L, 18 * 75_000L);
    assertThat(earliest(store)).isAfter(rounds[rounds.length - 20]);
  }

  @Test
  void withoutAWriteTheSpaceOfWhatIsTooOldComesBack() {
    KeyValueStore store = open("&history=1h");
    for (int i = 0; i < 20; i++) {
      overwrite(store, i);
      time.advance(Duration.ofSeconds(1));
    }
    overwrite(store, 20);
    long before = store.stats().totalBytes();
    time.advance(Duration.ofMinutes(50));
    assertThat(store.stats().totalBytes()).isEqualTo(before);
    time.advance(Duration.ofMinutes(30));
    assertThat(store.stats().totalBytes()).isLessThan(before / 5);
    assertThat(store.keys("key")).hasSize(KEYS);
  }

  @Test
  void aSizeIsABoundHoweverYoungWhatIsBeyondItIs() {
    KeyValueStore store = open("&history=30d,512kb");
    Instant last = time.now();
    for (int i = 0; i < 60; i++) {
      last = overwrite(store, i);
      time.advance(Duration.ofSeconds(1));
    }
    assertThat(store.stats().totalBytes()).isLessThan(900_000);
    assertThat(roundAt(store, last.minusSeconds(4))).isEqualTo("55");
    assertThat(earliest(store)).isBetween(last.minusSeconds(20), last.minusSeconds(4));
    assertThat(store.stats().historyAge()).isEqualTo(Duration.between(earliest(store), time.now()));
    assertThat(store.stats().historyBytes()).isBetween(4 * 75_000L, 600_000L);
  }

  @Test
  void aSizeAloneKeepsSoMuchHoweverOld() {
    KeyValueStore store = open("&history=512kb");
    Instant last = time.now();
    for (int i = 0; i < 30; i++) {
      last = overwrite(store, i);
      time.advance(Duration.ofDays(1));
    }
    time.advance(Duration.ofDays(1000));
    assertThat(roundAt(store, last.minus(Duration.ofDays(4)))).isEqualTo("25");
    assertThat(store.stats().totalBytes()).isLessThan(900_000);
  }

  @Test
  void aKeyThatWasDeletedInTheWindowIsThereBeforeAndNotAfter() {
    KeyValueStore store = open("&history=10m");
    store.set("victim", random(100));
    for (int i = 0; i < 10; i++) {
      overwrite(store, i);
    }
    Instant there = time.now();
    time.advance(Duration.ofMinutes(11));
    store.delete("victim");
    Instant gone = overwrite(store, 11);
    for (int i = 12; i < 20; i++) {
      time.advance(Duration.ofSeconds(30));
      overwrite(store, i);
    }
    assertThat(store.stats().compactions()).isPositive();
    assertThat(earliest(store)).isBeforeOrEqualTo(gone);
    try (Snapshot before = store.snapshotAt(gone.minusMillis(1));
        Snapshot after = store.snapshotAt(gone)) {
      assertThat(before.contains("victim")).isTrue();
      assertThat(after.contains("victim")).isFalse();
    }
    assertThat(there).isBefore(gone);
    time.advance(Duration.ofMinutes(60));
    assertThat(reopen("&history=10m").contains("victim")).isFalse();
  }

  @Test
  void aDeletionStaysAsLongAsWhatItHidesIsInAFileThatIsNotRewritten() {
    KeyValueStore store = open("&history=1m");
    store.set("victim", random(100));
    for (int i = 0; i < 35; i++) {
      store.set("stable" + i, random(1700)); // Its segment is not worth a compaction.
    }
    store.flush();
    store.delete("victim");
    for (int i = 0; i < 20; i++) {
      for (int j = 0; j < 35; j++) {
        store.set("churn" + j, random(1700));
      }
      store.flush();
      time.advance(Duration.ofSeconds(20));
    }
    assertThat(store.stats().compactions()).isPositive();
    try (Snapshot first = store.snapshotAt(earliest(store))) {
      assertThat(first.contains("victim")).isFalse();
      assertThat(first.keys("stable")).hasSize(35);
    }
    store = reopen("&history=1m");
    assertThat(store.contains("victim")).isFalse();
    assertThat(store.keys("")).hasSize(70);
  }

  @Test
  void anOpenPastStaysAsItWasWhileTheHorizonPassesIt() {
    KeyValueStore store = open("&history=5m");
    Instant first = overwrite(store, 0);
    try (Snapshot snapshot = store.snapshotAt(first)) {
      for (int i = 1; i < 30; i++) {
        time.advance(Duration.ofMinutes(1));
        overwrite(store, i);
        assertThat(round(snapshot)).isEqualTo("0");
      }
      assertThat(store.stats().compactions()).isPositive();
      assertThat(snapshot.queryByTags("round0")).hasSize(KEYS);
      assertThat(snapshot.query().allTags("round0").count()).isEqualTo(KEYS);
      assertThat(snapshot.get("key7")).isPresent();
      assertThat(store.stats().openSnapshots()).isEqualTo(1);
      assertThat(store.stats().snapshotBytes()).isGreaterThan(75_000);
      assertThatThrownBy(() -> store.snapshotAt(first)).isInstanceOf(HistoryLostException.class);
    }
    assertThat(store.stats().openSnapshots()).isZero();
  }

  @Test
  void whatHadExpiredByThenIsNotThereAndWhatExpiredLaterIs() {
    KeyValueStore store = open("&history=1h");
    store.set("short", random(10), SetOptions.ttl(Duration.ofSeconds(10)));
    store.set("long", random(10), SetOptions.ttl(Duration.ofMinutes(10)));
    store.flush();
    Instant set = time.now();
    time.advance(Duration.ofMinutes(20)); // Both have been swept.
    assertThat(store.keys("")).isEmpty();
    try (Snapshot snapshot = store.snapshotAt(set.plusSeconds(9))) {
      assertThat(snapshot.keys("")).containsExactly("long", "short");
    }
    try (Snapshot snapshot = store.snapshotAt(set.plusSeconds(10))) {
      assertThat(snapshot.keys("")).containsExactly("long");
    }
    try (Snapshot snapshot = store.snapshotAt(set.plus(Duration.ofMinutes(10)))) {
      assertThat(snapshot.keys("")).isEmpty();
    }
  }

  @Test
  void aClockThatIsSetBackLosesNothing() {
    KeyValueStore store = open("&history=10m");
    Instant first = overwrite(store, 1);
    time.shiftClock(Duration.ofMinutes(-30));
    overwrite(store, 2);
    assertThat(roundAt(store, first)).as("of the same moment, by the cuts").isEqualTo("2");
    for (int i = 3; i < 20; i++) {
      time.advance(Duration.ofMinutes(1));
      overwrite(store, i);
    }
    assertThat(store.stats().compactions()).isZero();
    assertThat(roundAt(reopen("&history=10m"), first)).isEqualTo("19");
  }

  @Test
  void theFutureIsRefusedAndSoIsWhatWasNeverThere() {
    KeyValueStore store = open("&history=10m");
    assertThatThrownBy(() -> store.snapshotAt(time.now()))
        .isInstanceOf(HistoryLostException.class)
        .hasMessageContaining("nothing has been flushed yet")
        .extracting(e -> ((HistoryLostException) e).earliest())
        .isEqualTo(Optional.empty());
    overwrite(store, 1);
    for (Instant late : List.of(time.now().plusMillis(1), Instant.MAX)) {
      assertThatThrownBy(() -> store.snapshotAt(late))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("still to come");
    }
    for (Instant early : List.of(time.now().minusMillis(1), Instant.MIN)) {
      assertThatThrownBy(() -> store.snapshotAt(early))
          .isInstanceOf(HistoryLostException.class)
          .hasMessageContaining("earliest moment that can be shown is " + time.now());
    }
    assertThat(store.stats().openSnapshots()).isZero();
  }

  @Test
  void whatIsBufferedShowsOnceItHasBeenFlushed() {
    KeyValueStore store = open("&history=10m");
    overwrite(store, 1);
    time.advance(Duration.ofSeconds(1));
    store.set("round", "2".getBytes(UTF_8));
    assertThat(roundAt(store, time.now())).isEqualTo("1");
    store.flush();
    try (Snapshot snapshot = store.snapshotAt(time.now())) {
      assertThat(round(snapshot)).isEqualTo("2");
      assertThat(snapshot.sequence()).isEqualTo(store.stats().sequence());
    }
  }

  @Test
  void aReaderSeesAsFarBackAsTheOwnerHasKept() {
    KeyValueStore store = open("&history=10m");
    Instant first = overwrite(store, 1);
    time.advance(Duration.ofMinutes(1));
    Instant second = overwrite(store, 2);
    try (StoreRegistry other = StoreRegistry.create(time);
        KeyValueStore reader = other.open("nadb:fs:" + directory + "?access=read")) {
      assertThat(reader.capabilities()).contains(StoreCapability.HISTORY);
      assertThat(roundAt(reader, first)).isEqualTo("1");
      assertThat(roundAt(reader, second)).isEqualTo("2");
    }
  }

  @Test
  void whatWasCompactedWithoutHistoryIsNotClaimedToBeWhole() {
    KeyValueStore store = open("");
    assertThat(store.capabilities()).doesNotContain(StoreCapability.HISTORY);
    assertThat(store.stats().historyAge()).isZero();
    assertThat(store.stats().historyBytes()).isZero();
    Instant first = overwrite(store, 0);
    for (int i = 1; i < 10; i++) {
      time.advance(Duration.ofSeconds(10));
      overwrite(store, i);
    }
    assertThat(store.stats().compactions()).isPositive();
    time.advance(Duration.ofSeconds(10));
    Instant last = overwrite(store, 10);
    store = reopen("&history=1h");
    Instant since = earliest(store);
    assertThat(since).isBetween(first.plusSeconds(10), last);
    assertThat(roundAt(store, last)).isEqualTo("10");
    roundAt(store, since);
  }
}

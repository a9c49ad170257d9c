package io.nadb.testkit;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.Registration;
import io.nadb.SetOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A crash takes what was not flushed, and the report says exactly that. */
class CrashTest {
  private final NadbHarness harness = NadbHarness.create();

  @AfterEach
  void close() {
    harness.close();
  }

  private KeyValueStore open(String... options) {
    return harness.open("nadb:fs:?flush=off&sweep=off", options);
  }

  private static void set(KeyValueStore store, String key, String value) {
    store.set(key, value.getBytes(UTF_8));
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheBufferIsLost(Crash crash) {
    KeyValueStore store = open();
    set(store, "old", "1");
    set(store, "deleted", "1");
    store.flush();
    set(store, "new", "2");
    set(store, "old", "3");
    store.delete("deleted");

    CrashReport report = harness.crash(crash);
    assertThat(report).lostExactly("new", "old", "deleted").kept("other").lostAtMost(2);
    assertThat(report.toString()).contains("#3 SET \"new\" (1 bytes)").contains("DELETE");
    assertThat(report.lostBytes()).isEqualTo(2);
    harness.reopen();
    assertThat(store).containsOnlyKeys("deleted", "old").containsEntry("old", "1");
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsLostWhenAllIsFlushed(Crash crash) {
    KeyValueStore store = open("compression=zlib");
    store.set("k", "v".getBytes(UTF_8), SetOptions.ttl(ofSeconds(10)).withTags("t"));
    store.flush();

    assertThat(harness.crash(crash)).lostNothing();
    assertThat(harness.reopen()).key("k").hasValue("v").hasTags("t");
  }

  @Test
  void listenersGoOnWithTheReopenedStoreUntilTheyAreEnded() {
    KeyValueStore store = open();
    List<String> told = new ArrayList<>();
    Registration first = store.onRemoval(removal -> told.add("first " + removal.key()));
    store.onRemoval(removal -> told.add("second " + removal.key()));
    harness.crash(Crash.PROCESS_KILL);
    harness.reopen();

    set(store, "a", "1");
    store.delete("a");
    first.close();
    harness.crash(Crash.POWER_CUT);
    harness.reopen();
    set(store, "b", "1");
    store.delete("b");
    assertThat(told).containsExactlyInAnyOrder("first a", "second a", "second b");

    store.close();
    harness.reopen();
    set(store, "c", "1");
    store.delete("c");
    assertThat(told).hasSize(3);
  }

  @Test
  void whetherThereIsAProcessCanBeAsked() {
    open();
    assertThat(harness.isRunning()).isTrue();
    harness.crash(Crash.PROCESS_KILL);
    assertThat(harness.isRunning()).isFalse();
    harness.reopen();
    assertThat(harness.isRunning()).isTrue();
    harness.stop();
    assertThat(harness.isRunning()).isFalse();
  }

  @Test
  void whatTheOperatingSystemHasSurvivesAKillAndNoPowerCut() {
    KeyValueStore store = open("durability=written");
    set(store, "a", "1");
    assertThat(store).buffers("a");
    assertThat(harness.crash(Crash.PROCESS_KILL)).lostNothing();
    harness.reopen();
    assertThat(store).containsEntry("a", "1");

    set(store, "b", "2");
    assertThat(harness.crash(Crash.POWER_CUT)).lostExactly("b");
    harness.reopen();
    assertThat(store).doesNotContainKeys("b");
  }

  @Test
  void aSyncedWriteIsNeverLost() {
    KeyValueStore store = open("durability=synced");
    for (Crash crash : Crash.values()) {
      set(store, crash.name(), "1");
      assertThat(harness.crash(crash)).lostNothing();
      harness.reopen();
    }
    assertThat(store).containsOnlyKeys("POWER_CUT", "PROCESS_KILL", "TORN_WRITE");
  }

  @Test
  void aTornFlushIsFoundAndCutOff() throws IOException {
    KeyValueStore store = open();
    set(store, "old", "1");
    store.flush();
    long before = dataBytes();
    set(store, "new", "2".repeat(5000));
    assertThat(harness.crash(Crash.TORN_WRITE)).lostExactly("new");
    assertThat(dataBytes()).as("half of the cut is there").isGreaterThan(before + 2000);
    harness.reopen();

    assertThat(store).containsOnlyKeys("old");
    set(store, "newer", "3");
    store.flush();
    assertThat(harness.crash(Crash.POWER_CUT)).lostNothing();
    harness.reopen();
    assertThat(store).containsOnlyKeys("newer", "old");
  }

  @Test
  void theVeryFirstFlushCanBeTorn() {
    KeyValueStore store = open();
    set(store, "k", "v");
    assertThat(harness.crash(Crash.TORN_WRITE)).lostExactly("k");

    assertThat(harness.reopen()).isEmpty();
  }

  /** How many bytes of the log are not zero at the end. */
  private long dataBytes() throws IOException {
    long bytes = 0;
    for (Path file : Directories.files(harness.directory())) {
      if (file.toString().endsWith(".seg")) {
        byte[] content = Files.readAllBytes(file);
        int end = content.length;
        while (end > 0 && content[end - 1] == 0) {
          end--;
        }
        bytes += end;
      }
    }
    return bytes;
  }

  @Test
  void crashesCanFollowEachOther() {
    KeyValueStore store = open();
    List<Crash> crashes = List.of(Crash.values());
    for (int i = 0; i < 12; i++) {
      set(store, "kept" + i, "v");
      store.flush();
      set(store, "lost" + i, "v");
      Crash crash = crashes.get(i % crashes.size());
      assertThat(harness.crash(crash)).lostExactly("lost" + i);
      harness.reopen();
      assertThat(store).hasSize(i + 1);
    }
  }

  @Test
  void aCrashTakesCompactionAndManySegmentsWithIt() {
    KeyValueStore store = open("segment=64kb");
    for (Crash crash : List.of(Crash.POWER_CUT, Crash.TORN_WRITE, Crash.POWER_CUT)) {
      for (int round = 0; round < 40; round++) {
        store.set("k" + round % 4, new byte[20_000]);
        store.flush();
        harness.time().advance(ofSeconds(1));
      }
      store.set("lost", new byte[100]);
      assertThat(harness.crash(crash)).lostExactly("lost");
      harness.reopen();
      assertThat(store).containsOnlyKeys("k0", "k1", "k2", "k3");
    }
    assertThat(store.stats().totalBytes()).isLessThan(40 * 20_000);
  }

  @Test
  void handlesOfACrashedProcessAreDeadUntilItIsReopened() {
    KeyValueStore store = open();
    set(store, "k", "v");
    harness.crash(Crash.PROCESS_KILL);

    assertThatThrownBy(() -> store.get("k"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has crashed")
        .hasMessageContaining("reopen()");
    assertThatThrownBy(() -> harness.crash(Crash.PROCESS_KILL))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("reopen() starts it again");
    assertThat(harness.reopen()).isEmpty();
  }

  @Test
  void handlesOfCodeUnderTestStayDead() {
    open();
    KeyValueStore own = harness.registry().open(harness.url());
    harness.crash(Crash.PROCESS_KILL);
    harness.reopen();

    assertThatThrownBy(() -> own.get("k")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void stoppingFlushesAndReopeningFindsAll() {
    KeyValueStore store = open();
    set(store, "k", "v");
    harness.stop();
    assertThat(store).isClosed().lastFlush().wasCausedBy(io.nadb.FlushCause.CLOSE);

    assertThat(harness.reopen()).containsEntry("k", "v").hasNotFlushed();
  }

  @Test
  void timePassesWhileTheProcessIsDown() {
    KeyValueStore store = open();
    store.set("k", "v".getBytes(UTF_8), SetOptions.ttl(ofSeconds(10)));
    store.flush();
    harness.crash(Crash.POWER_CUT);
    harness.time().advance(ofSeconds(10));

    assertThat(harness.reopen()).isEmpty();
  }

  @Test
  void severalStoresCrashTogether() {
    KeyValueStore one = open();
    KeyValueStore two = open();
    KeyValueStore other = harness.open(((InjectedStore) one).fullUrl(), "namespace=other");
    set(one, "a", "1");
    set(two, "b", "1");
    set(other, "c", "1");
    two.flush();

    assertThat(harness.crash(Crash.POWER_CUT)).lostExactly("a", "c").kept("b");
    harness.reopen();
    assertThat(one).isEmpty();
    assertThat(two).containsOnlyKeys("b");
    assertThat(other).isEmpty();
  }

  @Test
  void aCutThatIsUnderWayIsInDoubt() throws Exception {
    KeyValueStore store = open();
    set(store, "old", "1");
    store.flush();
    set(store, "a", "1");
    Fault blocked = harness.faults().on(Operation.SYNC).file("*.seg").block();
    Thread flush =
        new Thread(
            () -> {
              try {
                store.flush();
              } catch (IllegalStateException e) {
                // Its process has crashed.
              }
            });
    flush.start();
    blocked.awaitBlocked();
    set(store, "b", "1");
    CrashReport report = harness.crash(Crash.PROCESS_KILL);
    flush.join();

    assertThat(report.lost()).extracting(LostWrite::key).containsExactly("b");
    assertThat(report.inDoubt()).extracting(LostWrite::key).containsExactly("a");
    assertThat(harness.reopen()).containsOnlyKeys("a", "old");
  }

  @Test
  void aStoreThatKeepsNothingCannotCrash() {
    harness.open("nadb:mem:");

    assertThatThrownBy(() -> harness.crash(Crash.PROCESS_KILL))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("keeps nothing when its process ends");
  }

  @Test
  void aStoreThatLostWhatItHadPromisedIsFoundOut() throws IOException {
    KeyValueStore store = open();
    set(store, "k", "v");
    store.flush();
    harness.stop();
    for (Path file : Directories.files(harness.directory())) {
      Files.delete(file);
    }
    assertThatThrownBy(harness::reopen)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("opened at #0, but #1 is what was durable");
  }

  @Test
  void theLedgerTellsAllInVirtualTime() {
    KeyValueStore store = harness.open("nadb:fs:?flush=5s");
    set(store, "k\n", "v");
    harness.time().advance(ofSeconds(5));
    harness.crash(Crash.PROCESS_KILL);

    assertThat(harness.ledger().toString())
        .contains("0.000s  main: #1 SET \"k\\u000a\" (1 bytes)")
        .contains("5.000s  nadb-sync")
        .contains(": flushed the cut up to #1, 1 keys, of fs:")
        .contains("main: PROCESS_KILL at 2030-01-01T00:00:05Z, lost: nothing");
    assertThat(harness.ledger().events()).hasSizeGreaterThan(2);
  }
}

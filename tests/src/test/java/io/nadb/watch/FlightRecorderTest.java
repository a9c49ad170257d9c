package io.nadb.watch;

import static io.nadb.testing.Bytes.random;
import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.testing.Faults;
import io.nadb.testing.FaultyDriver;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recording of the JDK's flight recorder tells of a store. */
class FlightRecorderTest {
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);
  private final Recording recording = new Recording();
  @TempDir private Path directory;

  @BeforeEach
  void record() {
    for (String name : List.of("Flush", "Sweep", "Compaction", "Recovery")) {
      recording.enable("io.nadb." + name).withThreshold(Duration.ZERO);
    }
    recording.enable("io.nadb.Store").with("period", "endChunk");
    recording.start();
  }

  @AfterEach
  void close() {
    recording.close();
    registry.close();
  }

  private KeyValueStore open(String more) {
    return registry.open("nadb:fs:" + directory + "?name=shop&flush=5s&sweep=60s" + more);
  }

  private List<RecordedEvent> recorded(String name) throws IOException {
    recording.stop();
    Path file = directory.resolve("recording.jfr");
    recording.dump(file);
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals("io.nadb." + name))
        .sorted(Comparator.comparing(RecordedEvent::getStartTime))
        .toList();
  }

  @Test
  void everyFlushIsThereWithItsCauseAndSize() throws IOException {
    KeyValueStore store = open("");
    store.set("a", random(100));
    store.set("b", random(200));
    store.flush();
    store.set("c", random(300));
    time.advance(Duration.ofSeconds(5));
    store.flush(); // Finds nothing to do, and tells nothing.

    List<RecordedEvent> flushes = recorded("Flush");
    assertThat(flushes)
        .extracting(e -> e.getString("cause"))
        .containsExactly("EXPLICIT", "INTERVAL");
    assertThat(flushes).extracting(e -> e.getLong("keys")).containsExactly(2L, 1L);
    assertThat(flushes).extracting(e -> e.getLong("bytes")).containsExactly(302L, 301L);
    assertThat(flushes).allSatisfy(e -> assertThat(e.getString("store")).isEqualTo("shop"));
    assertThat(flushes).allSatisfy(e -> assertThat(e.getString("failure")).isNull());
    assertThat(flushes).allSatisfy(e -> assertThat(e.getDuration()).isPositive());
  }

  @Test
  void aFailedFlushTellsWhy() throws IOException {
    Faults faults = FaultyDriver.install(registry, "fs");
    KeyValueStore store = open("");
    store.set("a", random(100));
    faults.fail("disk full");
    assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
    faults.heal();

    RecordedEvent flush = recorded("Flush").get(0);
    assertThat(flush.getString("failure")).isEqualTo("disk full");
    assertThat(flush.getLong("keys")).isEqualTo(1);
  }

  @Test
  void aWriteThroughThatFailsTellsWhy() throws IOException {
    Faults faults = FaultyDriver.install(registry, "fs");
    KeyValueStore store = open("&durability=written");
    faults.fail("disk full");
    assertThatThrownBy(() -> store.set("a", random(100))).isInstanceOf(NadbException.class);
    faults.heal();

    assertThat(recorded("Flush").get(0).getString("failure")).isEqualTo("disk full");
  }

  @Test
  void everySweepTellsHowMuchItRemoved() throws IOException {
    KeyValueStore store = open("");
    store.set("a", utf8("v"), SetOptions.ttl(Duration.ofSeconds(30)));
    store.set("b", utf8("v"), SetOptions.ttl(Duration.ofSeconds(90)));
    time.advance(Duration.ofSeconds(60));

    List<RecordedEvent> sweeps = recorded("Sweep");
    assertThat(sweeps).extracting(e -> e.getLong("removed")).containsExactly(1L);
    assertThat(sweeps.get(0).getString("store")).isEqualTo("shop");
    assertThat(sweeps.get(0).getBoolean("more")).isFalse();
  }

  @Test
  void everyCompactionTellsWhatItGaveBack() throws IOException {
    KeyValueStore store = open("&segment=64kb&buffer=64kb");
    for (int i = 0; i < 10; i++) {
      store.set("same", random(40_000));
      store.flush();
    }
    time.advance(Duration.ofSeconds(5));

    List<RecordedEvent> compactions = recorded("Compaction");
    assertThat(compactions).hasSize((int) store.stats().compactions()).isNotEmpty();
    RecordedEvent first = compactions.get(0);
    assertThat(first.getString("directory")).isEqualTo(directory.toRealPath() + "/main");
    assertThat(first.getInt("segments")).isPositive();
    assertThat(first.getLong("bytesBefore")).isGreaterThan(40_000);
    assertThat(first.getLong("bytesAfter")).isLessThan(first.getLong("bytesBefore"));
  }

  @Test
  void everyRecoveryTellsWhatItFound() throws IOException {
    try (KeyValueStore store = open("")) {
      store.set("a", random(100));
      store.set("b", random(200));
    }
    open("");

    List<RecordedEvent> recoveries = recorded("Recovery");
    assertThat(recoveries).extracting(e -> e.getLong("keys")).containsExactly(0L, 2L);
    RecordedEvent second = recoveries.get(1);
    assertThat(second.getString("directory")).isEqualTo(directory.toRealPath() + "/main");
    assertThat(second.getInt("segments")).isEqualTo(1);
    assertThat(second.getLong("bytes")).isGreaterThan(300);
    assertThat(second.getLong("sequence")).isEqualTo(2);
  }

  @Test
  void anOpenStoreReportsItsFigures() throws IOException {
    KeyValueStore store = open("&buffer=8kb");
    store.set("a", random(100));
    time.advance(Duration.ofSeconds(2));

    List<RecordedEvent> reports = recorded("Store");
    assertThat(reports).isNotEmpty();
    RecordedEvent report = reports.get(reports.size() - 1);
    assertThat(report.getString("store")).isEqualTo("shop");
    assertThat(report.getString("url")).isEqualTo(store.url());
    assertThat(report.getString("state")).isEqualTo("HEALTHY");
    assertThat(report.getLong("bufferedKeys")).isEqualTo(1);
    assertThat(report.getLong("bufferedBytes")).isEqualTo(101);
    assertThat(report.getLong("bufferLimitBytes")).isEqualTo(8192);
    assertThat(report.getDuration("bufferedAgeMillis")).isEqualTo(Duration.ofSeconds(2));
    assertThat(report.getLong("sets")).isEqualTo(1);
  }

  @Test
  void aClosedStoreReportsNothingMore() throws IOException {
    open("").close();

    assertThat(recorded("Store")).isEmpty();
  }
}

package io.nadb.idle;

import static io.nadb.testing.Bytes.utf8;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.testing.CountedTime;
import io.nadb.testing.Faults;
import io.nadb.testing.FaultyDriver;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The background thread wakes up when there is something to do, and then on the old ticks. */
class IdleStoreTest {
  private static final Duration YEARS = ofDays(3650);

  private final VirtualTime time = new VirtualTime();
  private final CountedTime counted = new CountedTime(time);
  private final StoreRegistry registry = StoreRegistry.create(counted);
  @TempDir private Path directory;

  @AfterEach
  void close() {
    registry.close();
  }

  private KeyValueStore open(String backend, String options) {
    String place = backend.equals("fs") ? "fs:" + directory.resolve("data") : "mem:idle";
    return registry.open("nadb:" + place + options);
  }

  private long wakeUpsIn(Duration duration) {
    long before = counted.wakeUps();
    time.advance(duration);
    return counted.wakeUps() - before;
  }

  @ParameterizedTest
  @ValueSource(strings = {"fs", "mem"})
  void aStoreWithAFewKeysSleepsForTenYears(String backend) {
    KeyValueStore store = open(backend, "");
    store.set("a", utf8("1"));
    store.set("b", utf8("2"), SetOptions.tags("t"));

    assertThat(wakeUpsIn(ofSeconds(5))).isEqualTo(1);
    assertThat(store.stats().bufferedKeys()).isZero();
    assertThat(wakeUpsIn(YEARS)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?flush=off", "?flush=off&sweep=off", "?sweep=off", "?durability=synced"})
  void soItDoesWithOtherOptions(String options) {
    KeyValueStore store = open("fs", options);
    store.set("a", utf8("1"));
    time.advance(ofHours(1));

    assertThat(wakeUpsIn(YEARS)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fs", "mem"})
  void anOpenStoreInWhichNothingIsDoneWakesNobody(String backend) {
    open(backend, "");
    time.advance(ofSeconds(5));
    assertThat(wakeUpsIn(YEARS)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fs", "mem"})
  void aWriteAfterALongSleepIsFlushedAtTheNextTickCountedFromTheOpening(String backend) {
    KeyValueStore store = open(backend, "?flush=5s");
    time.advance(ofHours(1).plus(ofSeconds(3)));
    store.set("a", utf8("1"));
    time.advance(ofMillis(1999));
    assertThat(store.stats().bufferedKeys()).isEqualTo(1);
    time.advance(ofMillis(1));
    assertThat(store.stats().bufferedKeys()).isZero();
    assertThat(store.durableSequence()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fs", "mem"})
  void aWriteAtATickIsFlushedAtTheNext(String backend) {
    KeyValueStore store = open(backend, "?flush=5s");
    time.advance(ofHours(1));
    store.set("a", utf8("1"));
    time.advance(ofMillis(4999));
    assertThat(store.stats().bufferedKeys()).isEqualTo(1);
    time.advance(ofMillis(1));
    assertThat(store.stats().bufferedKeys()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?flush=off", "?flush=5s&sweep=off", "?flush=off&sweep=off"})
  void aStoreWhoseFlushesFailIsWokenForItsRetriesAndTicksAlone(String options) {
    Faults faults = FaultyDriver.install(registry, "fs");
    KeyValueStore store = open("fs", options);
    store.set("a", utf8("1"));
    faults.fail(new IOException("no"));
    assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);

    assertThat(wakeUpsIn(ofSeconds(60))).isBetween(5L, 40L);
    faults.heal();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?flush=off", "?sweep=off", "?flush=off&sweep=off"})
  void soTheyDoWithOtherOptions(String options) {
    KeyValueStore store = open("fs", options);
    time.advance(ofHours(1).plus(ofSeconds(1)));
    long before = counted.wakeUps();
    for (int i = 0; i < 500; i++) {
      store.set("key" + i, utf8("v"));
    }

    assertThat(counted.wakeUps() - before).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fs", "mem"})
  void manyWritesWakeTheThreadAsOftenAsOne(String backend) {
    KeyValueStore store = open(backend, "?flush=5s");
    time.advance(ofHours(1));
    long before = counted.wakeUps();
    for (int i = 0; i < 500; i++) {
      store.set("key" + i, utf8("v"));
    }
    time.advance(ofHours(1));
    assertThat(counted.wakeUps() - before).as("for the first write and for the tick").isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fs", "mem"})
  void anEntryThatExpiresInYearsIsRemovedAtTheFirstSweepAfterwards(String backend) {
    KeyValueStore store = open(backend, "?flush=5s&sweep=60s");
    store.set("a", utf8("1"), SetOptions.ttl(ofDays(365).plus(ofSeconds(1))));
    time.advance(ofDays(365).plus(ofSeconds(59)));
    assertThat(store.stats().expired()).isZero();
    assertThat(store.stats().sweepLag()).isZero();
    time.advance(ofSeconds(1));
    assertThat(store.stats().expired()).isEqualTo(1);

    time.advance(ofHours(1));
    assertThat(wakeUpsIn(YEARS)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fs", "mem"})
  void waitingForAnEntryToExpireCostsAWakeUpADay(String backend) {
    KeyValueStore store = open(backend, "");
    store.set("a", utf8("1"), SetOptions.ttl(YEARS.multipliedBy(2)));
    time.advance(ofHours(1));
    assertThat(wakeUpsIn(YEARS)).isBetween(3640L, 3651L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fs", "mem"})
  void anEntryThatExpiresBeforeTheOthersIsNotLeftWaiting(String backend) {
    KeyValueStore store = open(backend, "?flush=1h&sweep=60s");
    store.set("late", utf8("1"), SetOptions.ttl(ofHours(10)));
    time.advance(ofSeconds(61));
    store.set("soon", utf8("1"), SetOptions.ttl(ofSeconds(10)));
    store.set("sooner", utf8("1"), SetOptions.ttl(ofSeconds(5)).withTags("t"));
    time.advance(ofSeconds(59));
    assertThat(store.stats().expired()).isEqualTo(2);
    time.advance(ofHours(10));
    assertThat(store.stats().expired()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fs", "mem"})
  void anEntryThatGetsAShorterTtlIsRemovedInTime(String backend) {
    KeyValueStore store = open(backend, "?flush=5s&sweep=60s");
    store.set("a", utf8("1"), SetOptions.tags("t").withTtl(ofDays(10)));
    time.advance(ofHours(1));
    store.set("a", utf8("2"), SetOptions.none().keepingTags().withTtl(ofSeconds(30)));
    time.advance(ofSeconds(60));
    assertThat(store.stats().expired()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fs", "mem"})
  void aSweepIsDoneEvenIfTheWallClockHasJumpedByTheNextDay(String backend) {
    KeyValueStore store = open(backend, "");
    store.set("a", utf8("1"), SetOptions.ttl(ofDays(30)));
    time.advance(ofHours(1));
    time.shiftClock(ofDays(40)); // The machine was suspended.
    assertThat(store.contains("a")).isFalse();
    time.advance(ofDays(1).plus(ofSeconds(60)));
    assertThat(store.stats().expired()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fs", "mem"})
  void whatWasFoundAtTheOpeningIsSweptAtTheFirstTick(String backend) {
    KeyValueStore first = open(backend, "");
    first.set("a", utf8("1"), SetOptions.ttl(ofSeconds(70)));
    first.close();
    KeyValueStore store = open(backend, "");
    time.advance(ofSeconds(119));
    assertThat(store.stats().expired()).isZero();
    time.advance(ofSeconds(1));
    assertThat(store.stats().expired()).isEqualTo(backend.equals("fs") ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5s", "off"})
  void compactionGoesOnAfterAFlushOfTheUser(String flush) {
    KeyValueStore store = open("fs", "?segment=64kb&buffer=64kb&sweep=60s&flush=" + flush);
    time.advance(ofHours(1));
    for (int i = 0; i < 10; i++) {
      store.set("same", new byte[40_000]);
      store.flush();
    }
    time.advance(ofSeconds(60));
    assertThat(store.stats().compactions()).isPositive();
    time.advance(ofHours(1));
    assertThat(wakeUpsIn(YEARS)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 100})
  void oneStoreOfManyThatWorksWakesNobodyForTheOthers(int stores) {
    List<KeyValueStore> all =
        java.util.stream.IntStream.range(0, stores)
            .mapToObj(i -> registry.open("nadb:mem:store" + i))
            .toList();
    time.advance(ofHours(1));
    long rounds = registry.status().rounds();
    all.get(stores / 2).set("a", utf8("1"));
    time.advance(ofHours(1));
    assertThat(registry.status().rounds() - rounds).isLessThanOrEqualTo(6);
    assertThat(wakeUpsIn(YEARS)).isZero();
  }
}

package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Machines whose clocks differ share a server: its clock decides what has expired, and no other.
 */
class RedisClocksIT {
  private static final RedisServer SERVER = RedisServer.start();
  private static final String PLACE = "nadb:{main:default}:";
  private static final SetOptions TEN_MINUTES = SetOptions.ttl(ofMinutes(10)).withTags("t");

  private final List<StoreRegistry> machines = new ArrayList<>();

  @BeforeEach
  void empty() {
    SERVER.command("FLUSHALL");
  }

  @AfterEach
  void close() {
    machines.forEach(StoreRegistry::close);
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  /** A store on a machine whose clock is ahead. */
  private KeyValueStore open(Duration ahead, String... options) {
    return open(SkewedTime.by(ahead), options);
  }

  private KeyValueStore open(TimeSource time, String... options) {
    StoreRegistry machine = StoreRegistry.create(time);
    machines.add(machine);
    return machine.open(SERVER.url(options));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static Instant serverTime() {
    String[] time = SERVER.command("TIME").split("\\s+", -1);
    return Instant.ofEpochSecond(Long.parseLong(time[0]), Long.parseLong(time[1]) * 1000);
  }

  private static void assertAlive(KeyValueStore store, String key) {
    assertThat(store.get(key)).isPresent();
    assertThat(store.contains(key)).isTrue();
    assertExpiresInTenMinutes(store, key);
    EntryMetadata entry = store.metadata(key).orElseThrow();
    assertThat(entry.updated()).isCloseTo(serverTime(), within(1, ChronoUnit.MINUTES));
    assertThat(entry.created()).isBeforeOrEqualTo(entry.updated());
    assertThat(store.keys("")).contains(key);
    assertThat(store.queryByTags("t")).extracting(EntryMetadata::key).contains(key);
    assertThat(store.tags()).containsKey("t");
  }

  private static void assertExpiresInTenMinutes(KeyValueStore store, String key) {
    assertThat(store.metadata(key).flatMap(EntryMetadata::expiresAt).orElseThrow())
        .isCloseTo(serverTime().plusSeconds(600), within(1, ChronoUnit.MINUTES));
  }

  @ParameterizedTest
  @CsvSource({"15, sweep=off", "-15, sweep=off", "15, buffer=1mb", "-15, buffer=1mb"})
  void aMachineWhoseClockIsWrongSeesAndSparesWhatOthersHaveWritten(long minutes, String option) {
    KeyValueStore right = open(Duration.ZERO);
    KeyValueStore wrong = open(ofMinutes(minutes), option);
    right.set("k", bytes("v"), TEN_MINUTES);

    assertAlive(wrong, "k");
    assertThat(wrong.cleanupExpired()).isZero();
    wrong.flush();
    assertAlive(right, "k");
    assertThat(SERVER.command("ZRANGE", PLACE + "i:t", "0", "-1")).isEqualTo("k");
  }

  @ParameterizedTest
  @CsvSource({"15, sweep=off", "-15, sweep=off", "15, buffer=1mb", "-15, buffer=1mb"})
  void whatAMachineWhoseClockIsWrongHasWrittenLivesForAsLongAsItSaid(long minutes, String option) {
    KeyValueStore right = open(Duration.ZERO);
    KeyValueStore wrong = open(ofMinutes(minutes), option);
    wrong.set("k", bytes("v"), TEN_MINUTES);
    assertAlive(wrong, "k");
    wrong.flush();

    assertAlive(right, "k");
    assertThat(Long.parseLong(SERVER.command("PTTL", PLACE + "e:k"))).isBetween(540_000L, 600_000L);
    assertThat(right.cleanupExpired()).isZero();
    right.set("k", bytes("w"), SetOptions.none().keepingTags().keepingTtl());
    wrong.set("k", bytes("x"), SetOptions.none().keepingTags().keepingTtl());
    wrong.flush();
    assertAlive(right, "k");
    assertAlive(wrong, "k");
    assertThat(wrong.delete("k")).isTrue();
    wrong.flush();
    assertThat(right.contains("k")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sweep=off", "buffer=1mb"})
  void whatIsKeptKeepsItsTimeToTheMillisecondHoweverOftenItIsWritten(String option) {
    KeyValueStore store = open(ofMinutes(15), option);
    store.set("k", bytes("v"), TEN_MINUTES);
    store.flush();
    Instant expires = store.metadata("k").orElseThrow().expiresAt().orElseThrow();
    String redis = expireTime();
    for (int i = 0; i < 50; i++) {
      store.set("k", bytes("v" + i), SetOptions.none().keepingTags().keepingTtl());
      store.flush();
    }

    assertThat(store.metadata("k").orElseThrow().expiresAt()).contains(expires);
    assertThat(expireTime()).isEqualTo(redis);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sweep=off", "buffer=1mb"})
  void whatIsChangedInPlaceKeepsItsTimeToTheMillisecond(String option) {
    KeyValueStore store = open(ofMinutes(15), option);
    store.set("k", bytes("0"), TEN_MINUTES);
    store.flush();
    EntryMetadata before = store.metadata("k").orElseThrow();
    String redis = expireTime();
    for (int i = 0; i < 50; i++) {
      store.increment("k", 1);
      store.replace("k", bytes(Integer.toString(i + 1)), bytes(Integer.toString(i + 1)));
    }

    EntryMetadata after = store.metadata("k").orElseThrow();
    assertThat(after.expiresAt()).isEqualTo(before.expiresAt());
    assertThat(after.created()).isEqualTo(before.created());
    assertThat(after.updated()).isAfterOrEqualTo(before.updated());
    assertThat(expireTime()).isEqualTo(redis);
    assertAlive(store, "k");
  }

  @ParameterizedTest
  @CsvSource({"15, sweep=off", "-15, sweep=off", "15, buffer=1mb", "-15, buffer=1mb"})
  void aTouchCountsFromTheServersTime(long minutes, String option) {
    KeyValueStore right = open(Duration.ZERO);
    KeyValueStore wrong = open(ofMinutes(minutes), option);
    right.set("k", bytes("v"), SetOptions.tags("t"));
    EntryMetadata before = right.metadata("k").orElseThrow();
    assertThat(wrong.touch("k", ofMinutes(10))).isTrue();

    assertAlive(right, "k");
    assertThat(right.metadata("k").orElseThrow().updated()).isEqualTo(before.updated());
    assertThat(Long.parseLong(SERVER.command("PTTL", PLACE + "e:k"))).isBetween(540_000L, 600_000L);
    assertThat(right.cleanupExpired()).isZero();
    assertThat(right.touch("k", ofMillis(1))).isTrue();
    SERVER.command("WAIT", "1", "20"); // Lets 20 ms pass on the server.
    assertThat(wrong.touch("k", ofMinutes(10))).isFalse();
    assertThat(wrong.setIfAbsent("k", bytes("w"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sweep=off", "buffer=1mb"})
  void whatReadersSeeIsThereForAChangeToo(String option) {
    KeyValueStore store = open(Duration.ZERO, option);
    for (String key : List.of("computed", "held", "removed")) {
      writeAsBefore(key, serverTime().minus(ofMinutes(15)), ofMinutes(10));
      SERVER.command("PERSIST", PLACE + "e:" + key);
    }

    assertThat(store.compute("computed", old -> Optional.of(bytes("w")))).contains(bytes("w"));
    assertThat(store.setIfAbsent("held", bytes("w"))).isFalse();
    assertThat(store.delete("removed", bytes("v"))).isTrue();
    assertThat(store.get("computed")).contains(bytes("w"));
  }

  private static String expireTime() {
    return SERVER.command("EVAL", "return redis.call('PEXPIRETIME', KEYS[1])", "1", PLACE + "e:k");
  }

  @Test
  void creationTimesFollowEachOtherHoweverTheClocksGo() {
    KeyValueStore ahead = open(ofMinutes(15));
    KeyValueStore behind = open(ofMinutes(-15));
    ahead.set("k", bytes("1"));
    Instant created = ahead.metadata("k").orElseThrow().created();
    behind.set("k", bytes("2"));

    EntryMetadata entry = ahead.metadata("k").orElseThrow();
    assertThat(entry.created()).isEqualTo(created);
    assertThat(entry.updated()).isAfterOrEqualTo(created);
  }

  @Test
  void aTimeToLiveInABufferIsCountedFromTheSet() {
    PausedTime paused = new PausedTime();
    KeyValueStore behind = open(paused, "buffer=1mb", "flush=off", "sweep=off");
    behind.set("long", bytes("v"), TEN_MINUTES);
    behind.set("short", bytes("v"), SetOptions.ttl(ofMinutes(3)));
    paused.move(ofMinutes(4), ofMinutes(-20)); // The wall clock is set back meanwhile.

    assertThat(behind.contains("short")).isFalse();
    assertThat(behind.contains("long")).isTrue();
    behind.flush();
    assertThat(SERVER.command("EXISTS", PLACE + "e:short")).isEqualTo("0");
    assertThat(Long.parseLong(SERVER.command("PTTL", PLACE + "e:long")))
        .isBetween(300_000L, 360_000L);
    EntryMetadata entry = behind.metadata("long").orElseThrow();
    assertThat(Duration.between(entry.updated(), serverTime()))
        .isBetween(ofMinutes(4), ofMinutes(5));
    assertThat(Duration.between(entry.updated(), entry.expiresAt().orElseThrow()))
        .isEqualTo(ofMinutes(10));
  }

  @Test
  void aFlushBringsWhatIsKnownOfTheServersClockUpToDate() {
    PausedTime fast = new PausedTime();
    KeyValueStore store = open(fast, "buffer=1mb", "flush=off", "sweep=off");
    fast.move(ofMinutes(30), Duration.ZERO); // As much faster than the server's was its clock.
    store.set("k", bytes("v"));
    store.flush();
    store.set("k", bytes("w"), TEN_MINUTES);

    assertExpiresInTenMinutes(store, "k");
  }

  /** This machine's time, some of which passes at once. */
  private static final class PausedTime implements TimeSource {
    private volatile Duration passed = Duration.ZERO;
    private volatile Duration set = Duration.ZERO;

    void move(Duration elapsed, Duration setBy) {
      passed = elapsed;
      set = setBy;
    }

    @Override
    public Instant now() {
      return TimeSource.system().now().plus(passed).plus(set);
    }

    @Override
    public Optional<Instant> serverTime() {
      return TimeSource.system().serverTime();
    }

    @Override
    public long nanoTime() {
      return TimeSource.system().nanoTime() + passed.toNanos();
    }

    @Override
    public Alarm newAlarm(String owner) {
      return TimeSource.system().newAlarm(owner);
    }

    @Override
    public boolean await(CompletableFuture<?> done, Duration timeout) throws InterruptedException {
      return TimeSource.system().await(done, timeout);
    }
  }

  @Test
  void whatExpiresInTheServerIsGoneForEverybody() {
    KeyValueStore ahead = open(ofMinutes(15));
    KeyValueStore behind = open(ofMinutes(-15), "buffer=1mb");
    ahead.set("k", bytes("v"), SetOptions.ttl(ofMillis(1)).withTags("t"));
    SERVER.command("WAIT", "1", "20"); // Lets 20 ms pass on the server.

    assertThat(ahead.get("k")).isEmpty();
    assertThat(behind.get("k")).isEmpty();
    assertThat(behind.metadata("k")).isEmpty();
    assertThat(behind.queryByTags("t")).isEmpty();
  }

  /** As machines did whose own clock decided: with a time of theirs, and Redis told how long. */
  private static void writeAsBefore(String key, Instant written, Duration ttl) {
    String created = Long.toString(written.toEpochMilli());
    String expires = Long.toString(written.plus(ttl).toEpochMilli());
    String name = PLACE + "e:" + key;
    SERVER.command(
        "HSET", name, "v", "v", "s", "1", "t", "[\"t\"]", "c", created, "u", created, "x", expires);
    SERVER.command("PEXPIRE", name, Long.toString(ttl.toMillis()));
    SERVER.command("ZADD", PLACE + "i:t", "0", key);
    SERVER.command("SADD", PLACE + "t", "t");
    SERVER.command("ZADD", PLACE + "x", expires, "[\"t\"]\n" + key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sweep=off", "buffer=1mb"})
  void entriesThatBearTheTimeOfAMachineThatWasBehindLiveOnAndAreDatedAnew(String option) {
    KeyValueStore store = open(Duration.ZERO, option);
    writeAsBefore("old", serverTime().minus(ofMinutes(15)), ofMinutes(10));
    writeAsBefore("set", serverTime().minus(ofMinutes(15)), ofMinutes(10));
    writeAsBefore("deleted", serverTime().minus(ofMinutes(15)), ofMinutes(10));
    writeAsBefore("kept", serverTime().minus(ofMinutes(15)), ofMinutes(10));

    assertThat(store.get("old")).isPresent();
    assertThat(store.queryByTags("t")).hasSize(4);
    store.set("kept", bytes("w"), SetOptions.none().keepingTags().keepingTtl());
    assertThat(store.delete("deleted")).isTrue();
    store.flush();
    assertThat(Long.parseLong(SERVER.command("PTTL", PLACE + "e:kept"))).isGreaterThan(540_000);
    assertThat(store.cleanupExpired()).isZero();
    assertExpiresInTenMinutes(store, "old");
    assertThat(SERVER.command("ZCOUNT", PLACE + "x", "-inf", millis(serverTime()))).isEqualTo("0");
    store.set("set", bytes("w"), TEN_MINUTES);
    store.flush();
    assertExpiresInTenMinutes(store, "set");
    assertThat(store.delete("old")).isTrue();
  }

  private static String millis(Instant time) {
    return Long.toString(time.toEpochMilli());
  }

  @Test
  void anEntryWhoseTimeToLiveSomebodyHasTakenAwayIsSweptWhenItWasToEnd() {
    KeyValueStore store = open(Duration.ZERO);
    writeAsBefore("k", serverTime().minusSeconds(20), ofSeconds(10));
    SERVER.command("PERSIST", PLACE + "e:k");

    assertThat(store.cleanupExpired()).isEqualTo(1);
    assertThat(SERVER.command("KEYS", PLACE + "*")).isEmpty();
  }

  /** Sweeps on a machine whose clock is ahead. */
  static final class Child {
    public static void main(String[] arguments) {
      try (StoreRegistry machine = StoreRegistry.create(SkewedTime.by(ofMinutes(15)));
          KeyValueStore store = machine.open(arguments[0])) {
        store.contains("k");
        System.out.println(store.cleanupExpired() + " " + store.tags());
        store.set("late", bytes("v"), SetOptions.ttl(ofMinutes(10)).withTags("t"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sweep=off", "buffer=1mb"})
  void anotherProcessWhoseClockIsAheadRemovesNothing(String option) throws Exception {
    KeyValueStore store = open(Duration.ZERO);
    store.set("k", bytes("v"), TEN_MINUTES);

    String told = ChildJvm.run(Child.class, "", Map.of(), SERVER.url(option));
    assertThat(told).isEqualTo("0 {t=1}");
    assertAlive(store, "k");
    assertAlive(store, "late");
    assertThat(store.tags()).containsExactly(entry("t", 2L));
  }
}

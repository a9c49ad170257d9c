package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.CorruptStoreException;
import io.nadb.KeyValueStore;
import io.nadb.NadbConnectionException;
import io.nadb.NadbDriverManager;
import io.nadb.NadbException;
import io.nadb.NadbTimeoutException;
import io.nadb.SetOptions;
import io.nadb.StoreLockedException;
import io.nadb.StoreRegistry;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.Operation;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log in front of a server: what has been acknowledged comes to the server, in order and once,
 * whatever is killed or cut off meanwhile.
 */
class RedisSpoolIT {
  private static final int KILLS = Integer.getInteger("nadb.spool.kills", 2);

  private final RedisServer server = RedisServer.builder().appendOnly().start();
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry here = StoreRegistry.create(time);
  private final StoreRegistry later = StoreRegistry.create(time);
  private final StoreRegistry there = StoreRegistry.create(time);
  private final KeyValueStore atOnce = there.open(server.url("sweep=off"));
  @TempDir private Path directory;
  private int copies;

  @AfterEach
  void close() {
    try {
      here.close();
      later.close();
      there.close();
    } finally {
      server.close();
    }
  }

  private Path spool() {
    return directory.resolve("spool");
  }

  private String url(Path spool, String... options) {
    return server.url(
        Stream.concat(
                Stream.of("sweep=off", "flush=off", "timeout=500ms", "spool=" + spool),
                Stream.of(options))
            .toArray(String[]::new));
  }

  /** What a kill leaves of the spool. */
  private Path copy() throws IOException {
    Path copy = directory.resolve("copy" + copies++);
    Path database = Files.createDirectories(copy.resolve("main"));
    try (Stream<Path> files = Files.list(spool().resolve("main"))) {
      for (Path file : files.toList()) {
        Files.copy(file, database.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static Optional<String> text(KeyValueStore store, String key) {
    return store.get(key).map(value -> new String(value, UTF_8));
  }

  /** Ends a store whose writes are sent by another one that has a copy of its spool. */
  private static void giveUp(KeyValueStore store) {
    assertThatThrownBy(store::close)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("another copy of the spool");
  }

  private static List<Path> journal(Path spool) throws IOException {
    try (Stream<Path> files = Files.list(spool.resolve("main"))) {
      return files.filter(file -> file.toString().endsWith(".journal")).sorted().toList();
    }
  }

  @Test
  void whatHasReturnedIsSentAfterTheProcessWasKilled() throws Exception {
    KeyValueStore store = here.open(url(spool()));
    Instant written = time.now();
    store.set("a", bytes("1"), SetOptions.tags("x", "y"));
    store.set("b", bytes("2"));
    store.set("a", bytes("3"), SetOptions.tags("y"));
    store.delete("b");
    store.set("c", bytes("4"), SetOptions.ttl(ofSeconds(60)));
    assertThat(atOnce.keys("")).isEmpty();
    assertThat(text(store, "a")).contains("3");
    assertThat(store.durableSequence()).isZero();
    time.advance(ofSeconds(5));
    Path left = copy();

    later.open(url(left)).close();

    assertThat(atOnce.keys("")).containsExactly("a", "c");
    assertThat(text(atOnce, "a")).contains("3");
    assertThat(atOnce.tags()).containsOnlyKeys("y");
    assertThat(atOnce.metadata("a").orElseThrow().created()).isEqualTo(written);
    assertThat(atOnce.metadata("a").orElseThrow().updated()).isEqualTo(written);
    assertThat(atOnce.metadata("c").orElseThrow().expiresAt()).contains(written.plusSeconds(60));
    assertThat(journal(left)).isEmpty();
    giveUp(store);
  }

  @Test
  void whatTheServerHasIsNotSentAgainAfterTheProcessWasKilled() throws Exception {
    KeyValueStore store = here.open(url(spool()));
    store.set("deleted", bytes("1"));
    store.set("changed", bytes("1"));
    store.flush();
    atOnce.delete("deleted");
    atOnce.set("changed", bytes("2"));
    store.set("new", bytes("3"));
    Path left = copy();

    KeyValueStore reopened = later.open(url(left));

    assertThat(text(atOnce, "deleted")).isEmpty();
    assertThat(text(atOnce, "changed")).contains("2");
    assertThat(text(atOnce, "new")).contains("3");
    assertThat(reopened.durableSequence()).isEqualTo(3);
    assertThat(reopened.set("next", bytes("4"))).isEqualTo(4);
    giveUp(store);
  }

  @Test
  void aWriterThatIsKilledInTheMidstHasAllItWasToldOfSentOnceAndInOrder() throws Exception {
    String url = server.url("buffer=16kb", "flush=10ms", "sweep=off", "spool=" + spool());
    Set<String> returned = new HashSet<>();
    Set<String> deleted = new HashSet<>();
    for (int kill = 0; kill < KILLS; kill++) {
      int first = kill * 100_000_000; // Numbers that no process before has come to.
      try (SpooledWriter writer = SpooledWriter.start(url, first)) {
        int last = first;
        for (int round = 0; round < 5; round++) {
          last = writer.await(300);
          for (String key : atOnce.keys("k")) {
            if (key.hashCode() % 3 == 0 && atOnce.delete(key)) {
              deleted.add(key);
            }
          }
        }
        last = writer.kill(last);
        IntStream.rangeClosed(first, last).forEach(i -> returned.add("k" + i));
      }
    }
    later.open(server.url("spool=" + spool())).close();

    Set<String> there = Set.copyOf(atOnce.keys("k"));
    assertThat(deleted).isNotEmpty().noneMatch(there::contains);
    assertThat(returned).allMatch(key -> there.contains(key) || deleted.contains(key));
    assertThat(atOnce.getAll(there))
        .allSatisfy((key, value) -> assertThat(value).isEqualTo(bytes("v" + key.substring(1))));
  }

  @Test
  void writesGoOnWhileTheServerIsKilledAndAreThereWhenItIsBack() throws Exception {
    KeyValueStore store = here.open(url(spool()));
    for (int round = 0; round < 3; round++) {
      store.set("before" + round, bytes("v"));
      store.flush();
      server.kill();
      for (int i = 0; i < 100; i++) {
        store.set("k" + i, bytes("v" + round + "." + i));
      }
      assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
      store.set("during" + round, bytes("v"));
      assertThat(text(store, "k7")).contains("v" + round + ".7");
      server.restart();
      store.flush();
      assertThat(store.durableSequence()).isEqualTo(store.stats().sequence());
      for (int i = 0; i < 100; i++) {
        assertThat(text(atOnce, "k" + i)).contains("v" + round + "." + i);
      }
    }
    assertThat(atOnce.keys("before")).hasSize(3);
    assertThat(atOnce.keys("during")).hasSize(3);
  }

  @Test
  void whatIsLeftWhenAStoreIsClosedWithoutItsServerIsSaidAndSentWithTheNextOpen() throws Exception {
    KeyValueStore store = here.open(url(spool()));
    store.set("a", bytes("1"));
    store.set("b", bytes("2"));
    server.kill();

    assertThatThrownBy(store::close)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("2 keys")
        .hasMessageContaining("are in the spool " + spool())
        .hasMessageNotContaining("are lost");
    assertThatThrownBy(() -> here.open(url(spool())))
        .isInstanceOf(NadbConnectionException.class)
        .hasMessageContaining("can't connect")
        .hasMessageContaining("2 writes wait in the spool " + spool());
    server.restart();
    here.open(url(spool())).close();

    assertThat(atOnce.keys("")).containsExactly("a", "b");
  }

  @Test
  void anAnswerThatIsLostHasNothingMadeTwice() throws Exception {
    try (RedisProxy network = RedisProxy.to(server)) {
      KeyValueStore store =
          here.open(network.url("sweep=off", "flush=off", "timeout=500ms", "spool=" + spool()));
      store.set("a", bytes("1"));
      store.set("b", bytes("1"));
      network.loseAnswer("}:e:b");
      assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
      assertThat(atOnce.keys("")).containsExactly("a", "b");
      atOnce.delete("a");
      atOnce.set("b", bytes("2"));
      store.set("c", bytes("3"));
      store.flush();

      assertThat(atOnce.keys("")).containsExactly("b", "c");
      assertThat(text(atOnce, "b")).contains("2");
      store.close();
    }
  }

  @Test
  void anAnswerThatIsLostHasNothingMadeTwiceByAnotherProcessEither() throws Exception {
    try (RedisProxy network = RedisProxy.to(server)) {
      KeyValueStore store =
          here.open(network.url("sweep=off", "flush=off", "timeout=500ms", "spool=" + spool()));
      store.set("a", bytes("1"));
      network.loseAnswer("}:e:a");
      assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
      atOnce.delete("a");
      store.set("b", bytes("2"));
      Path left = copy();

      later.open(url(left)).close();

      assertThat(atOnce.keys("")).containsExactly("b");
      giveUp(store);
    }
  }

  /** What a process had sent, and the server reads after the next one has begun. */
  @Test
  void whatComesTooLateFromAProcessThatWasKilledIsNotMade() throws Exception {
    try (RedisProxy network = RedisProxy.to(server)) {
      KeyValueStore store =
          here.open(network.url("sweep=off", "flush=off", "timeout=5s", "spool=" + spool()));
      store.set("a", bytes("1"));
      Path left = copy();
      network.onRequest(
          "}:e:a",
          () -> {
            later.open(url(left)).close();
            atOnce.set("a", bytes("2"));
          });

      assertThatThrownBy(store::flush).hasMessageContaining("another copy of the spool");

      assertThat(text(atOnce, "a")).contains("2");
      giveUp(store);
    }
  }

  @Test
  void whoeverFindsNoRoomInALongOutageIsToldAndNothingThatHasReturnedIsLost() throws Exception {
    KeyValueStore store = here.open(url(spool(), "buffer=1kb", "write-timeout=5s"));
    server.kill();
    FutureTask<Integer> writer = new FutureTask<>(() -> writeUntilThereIsNoRoom(store));
    new Thread(writer).start();
    time.awaitWaiting(1);
    time.advance(ofSeconds(5));
    int written = writer.get();
    assertThat(written).isBetween(10, 30);
    server.restart();
    store.flush();

    assertThat(atOnce.keys("")).hasSize(written);
  }

  private static int writeUntilThereIsNoRoom(KeyValueStore store) {
    for (int written = 0; ; written++) {
      try {
        store.set("k" + written, new byte[100]);
      } catch (NadbTimeoutException e) {
        assertThat(e.inDoubt()).isFalse();
        return written;
      }
    }
  }

  @Test
  void whatHasExpiredDuringAnOutageIsNotThereAfterIt() throws Exception {
    atOnce.set("short", bytes("old"));
    KeyValueStore store = here.open(url(spool()));
    store.set("short", bytes("new"), SetOptions.ttl(ofSeconds(10)));
    store.set("long", bytes("new"), SetOptions.ttl(ofSeconds(60)));
    time.advance(ofSeconds(20));
    Path left = copy();
    later.open(url(left)).close();

    assertThat(atOnce.keys("")).containsExactly("long");
    time.advance(ofSeconds(39));
    assertThat(text(atOnce, "long")).contains("new");
    time.advance(ofSeconds(1));
    assertThat(text(atOnce, "long")).isEmpty();
    giveUp(store);
  }

  @Test
  void aSecondStoreIsNotLetInToTheDirectory() {
    here.open(url(spool()));

    assertThatThrownBy(() -> later.open(url(spool())))
        .isInstanceOf(StoreLockedException.class)
        .hasMessageContaining(spool().toString());
  }

  @Test
  void whatWaitsForOneDatabaseDoesNotGoToAnother() throws Exception {
    KeyValueStore store = here.open(url(spool()));
    store.set("a", bytes("1"));
    server.kill();
    assertThatThrownBy(store::close).isInstanceOf(NadbException.class);
    server.restart();

    String other = url(spool()).replace("?", "/1?");
    assertThatThrownBy(() -> here.open(other))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining(
            "1 write for the database redis:127.0.0.1:" + server.port() + "/0/main")
        .hasMessageContaining("not for redis:127.0.0.1:" + server.port() + "/1/main");
    here.open(url(spool())).close();
    assertThat(text(atOnce, "a")).contains("1");
  }

  @Test
  void aDatabaseThatHasGotWritesFromASpoolIsKnownByAnotherNameToo() throws Exception {
    KeyValueStore store = here.open(url(spool()));
    store.set("a", bytes("1"));
    store.flush();
    store.set("b", bytes("2"));
    Path left = copy();
    String renamed = url(left).replace("127.0.0.1", "localhost");
    later.open(renamed).close();

    assertThat(atOnce.keys("")).containsExactly("a", "b");
    giveUp(store);
  }

  @Test
  void aSpoolInWhichNothingWaitsCanBeUsedForAnotherDatabase() {
    KeyValueStore store = here.open(url(spool()));
    store.set("a", bytes("1"));
    store.close();
    here.open(url(spool()).replace("?", "/1?")).close();

    assertThat(text(atOnce, "a")).contains("1");
  }

  @Test
  void eachDatabaseHasItsOwnSpoolInTheDirectory() {
    KeyValueStore one = here.open(url(spool()));
    KeyValueStore other = here.open(url(spool(), "db=other"));
    one.set("a", bytes("1"));
    other.set("b", bytes("2"));
    one.flush();
    other.flush();

    assertThat(atOnce.keys("")).containsExactly("a");
    assertThat(there.open(server.url("sweep=off", "db=other")).keys("")).containsExactly("b");
  }

  @Test
  void theMarkIsNoEntryAndOutlivesClear() {
    KeyValueStore store = here.open(url(spool()));
    store.set("a", bytes("1"));
    store.flush();
    store.clear();

    assertThat(atOnce.keys("")).isEmpty();
    assertThat(server.command("KEYS", "nadb:{main}:s:*").lines()).hasSize(1);
    store.set("b", bytes("2"));
    store.flush();
    assertThat(atOnce.keys("")).containsExactly("b");
  }

  @Test
  void aMarkThatTheServerHasLostKeepsNothingFromIt() {
    KeyValueStore store = here.open(url(spool()));
    store.set("a", bytes("1"));
    store.flush();
    server.command("FLUSHALL");
    store.set("b", bytes("2"));
    store.flush();

    assertThat(server.command("EXISTS", "nadb:{main:default}:e:b")).isEqualTo("1");
  }

  @Test
  void filesAreDeletedOnceTheServerHasAllThatIsInThem() throws Exception {
    KeyValueStore store = here.open(url(spool(), "buffer=8mb"));
    for (int i = 0; i < 40; i++) {
      store.set("k" + i, new byte[1 << 20]);
    }
    store.flush();

    assertThat(journal(spool())).isEmpty();
    assertThat(atOnce.size()).isEqualTo(40);
    store.set("k", bytes("v"));
    assertThat(journal(spool())).hasSize(1);
    store.close();
    assertThat(journal(spool())).isEmpty();
  }

  /** A file is left whose first records came after those of one that is gone. */
  @Test
  void aFileThatTheServerHasAllOfIsNoReasonNotToOpenEvenIfTheMarkIsLost() throws Exception {
    KeyValueStore store = here.open(url(spool(), "buffer=64mb"));
    for (int i = 0; i < 19; i++) {
      store.set("k" + i, new byte[900_000]);
    }
    store.flush();
    atOnce.delete("k18");
    assertThat(journal(spool())).hasSize(1);
    Path left = copy();
    server.command("DEL", server.command("KEYS", "nadb:{main}:s:*").strip());
    Path lost = copy();
    later.open(url(lost)).close();
    assertThat(atOnce.keys("")).contains("k18");
    atOnce.delete("k18");
    later.open(url(left)).close();

    assertThat(atOnce.keys("")).hasSize(18);
  }

  @Test
  void whatIsWrittenOverAndOverDuringAnOutageDoesNotFillTheDisk() throws Exception {
    KeyValueStore store = here.open(url(spool(), "buffer=4mb"));
    server.kill();
    for (int i = 0; i < 200; i++) {
      store.set("k" + i % 2, filled(1 << 19, i));
    }
    long bytes = 0;
    for (Path file : journal(spool())) {
      bytes += Files.size(file);
    }
    assertThat(bytes).isLessThan(40 << 20);
    assertThatThrownBy(store::close).hasMessageContaining("2 keys");
    server.restart();
    here.open(url(spool())).close();

    assertThat(atOnce.get("k0")).contains(filled(1 << 19, 198));
    assertThat(atOnce.get("k1")).contains(filled(1 << 19, 199));
  }

  private static byte[] filled(int length, int with) {
    byte[] value = new byte[length];
    Arrays.fill(value, (byte) with);
    return value;
  }

  @Test
  void aRecordThatWasBeingWrittenIsLeftOut() throws Exception {
    KeyValueStore store = here.open(url(spool()));
    store.set("a", bytes("1"));
    store.set("b", bytes("2"));
    Path left = copy();
    Path file = journal(left).get(0);
    byte[] all = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(all, all.length - 1));
    later.open(url(left)).close();

    assertThat(atOnce.keys("")).containsExactly("a");
    giveUp(store);
  }

  @Test
  void aRecordThatWasOnDiskAndIsDamagedIsSaidAndNothingBehindItIsSent() throws Exception {
    KeyValueStore store = here.open(url(spool(), "durability=synced"));
    store.set("a", bytes("1"));
    store.set("b", bytes("2"));
    store.set("c", bytes("3"));
    Path left = copy();
    Path file = journal(left).get(0);
    byte[] all = Files.readAllBytes(file);
    all[30]++;
    Files.write(file, all);

    assertThatThrownBy(() -> later.open(url(left, "durability=synced")))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining(file.toString());
    assertThat(atOnce.keys("")).isEmpty();
  }

  @Test
  void aFileThatIsMissingIsSaidAndNothingBehindItIsSent() throws Exception {
    KeyValueStore store = here.open(url(spool(), "buffer=64mb"));
    for (int i = 0; i < 20; i++) {
      store.set("k" + i, new byte[1 << 20]);
    }
    Path left = copy();
    assertThat(journal(left)).hasSize(2);
    Files.delete(journal(left).get(0));

    assertThatThrownBy(() -> later.open(url(left)))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("are missing");
    assertThat(atOnce.keys("")).isEmpty();
    giveUp(store);
  }

  @Test
  void whatTheServerRefusesIsSaidAndWhatCameBeforeItIsNotSentAgain() {
    String place = "nadb:{main:default}:e:foreign";
    server.command("SET", place, "v");
    KeyValueStore store = here.open(url(spool()));
    store.set("a", bytes("1"));
    store.set("foreign", bytes("2"));
    store.set("b", bytes("3"));

    assertThatThrownBy(store::flush).isInstanceOf(NadbException.class).hasMessageContaining(place);
    assertThat(text(atOnce, "a")).contains("1");
    atOnce.delete("a");
    server.command("DEL", place);
    store.flush();

    assertThat(atOnce.keys("")).containsExactly("b", "foreign");
  }

  @Test
  void changesAndTransactionsComeAfterWhatWaits() {
    KeyValueStore store = here.open(url(spool()));
    store.set("n", bytes("1"));
    assertThat(store.increment("n", 2)).isEqualTo(3);
    assertThat(text(atOnce, "n")).contains("3");
    store.set("m", bytes("4"));
    store.transaction(
        transaction -> {
          transaction.set("n", transaction.get("m").orElseThrow());
          return true;
        });

    assertThat(text(atOnce, "n")).contains("4");
  }

  @Test
  void whatIsReadNearIsWhatWasForwardedOrIsNewer() {
    KeyValueStore store = here.open(url(spool(), "near=1mb"));
    atOnce.set("k", bytes("1"));
    assertThat(text(store, "k")).contains("1");
    store.set("k", bytes("2"));
    assertThat(text(store, "k")).contains("2");
    store.flush();

    assertThat(text(store, "k")).contains("2");
    assertThat(text(atOnce, "k")).contains("2");
  }

  @Test
  void aWriteWaitsForNoFlush() throws Exception {
    try (RedisProxy network = RedisProxy.to(server)) {
      KeyValueStore store =
          here.open(network.url("sweep=off", "flush=off", "timeout=30s", "spool=" + spool()));
      store.set("a", bytes("1"));
      network.onRequest("}:e:a", () -> store.set("b", bytes("2")));
      store.flush();

      assertThat(atOnce.keys("")).containsExactly("a");
      assertThat(text(store, "b")).contains("2");
      store.close();
      assertThat(atOnce.keys("")).containsExactly("a", "b");
    }
  }

  @Test
  void whatTheServerRefusesAtOpenStaysInTheSpool() throws Exception {
    String place = "nadb:{main:default}:e:foreign";
    KeyValueStore store = here.open(url(spool()));
    store.set("foreign", bytes("1"));
    store.set("b", bytes("2"));
    server.kill();
    assertThatThrownBy(store::close).isInstanceOf(NadbException.class);
    server.restart();
    server.command("SET", place, "v");

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> here.open(url(spool())))
          .isInstanceOf(CorruptStoreException.class)
          .hasMessageContaining(place);
    }
    server.command("DEL", place);
    here.open(url(spool())).close();
    assertThat(atOnce.keys("")).containsExactly("b", "foreign");
  }

  @Test
  void aWriteThatTheDiskRefusesSaysSoAndGoesToTheServerAndLaterOnesAreInTheLogAgain()
      throws Exception {
    try (NadbHarness harness = NadbHarness.create()) {
      KeyValueStore store = harness.open(url(spool(), "durability=synced"));
      store.set("a", bytes("1"));
      harness.faults().on(Operation.WRITE).file("*.journal").fail(new IOException("disk full"));
      assertThatThrownBy(() -> store.set("b", bytes("2")))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("could not write 1 key to the spool")
          .hasMessageContaining("disk full");
      harness.faults().on(Operation.SYNC).file("*.journal").fail(new IOException("bad sector"));
      assertThatThrownBy(() -> store.set("c", bytes("3"))).hasMessageContaining("bad sector");
      store.set("d", bytes("4"));
      Path left = copy();
      later.open(url(left)).close();

      assertThat(atOnce.keys("")).containsExactly("a", "b", "c", "d");
      giveUp(store);
    }
  }

  @Test
  void whatIsBufferedGoesToTheServerThoughTheDiskIsFull() throws Exception {
    try (NadbHarness harness = NadbHarness.create()) {
      KeyValueStore store = harness.open(url(spool()));
      harness.faults().on(Operation.WRITE).file("*.journal").always().fail(new IOException("full"));
      assertThatThrownBy(() -> store.set("a", bytes("1"))).hasMessageContaining("full");
      store.flush();

      assertThat(text(atOnce, "a")).contains("1");
      assertThat(store.stats().bufferedKeys()).isZero();
    }
  }

  /** Writes, and ends when its server is gone. */
  static final class Orphan {
    public static void main(String[] arguments) {
      KeyValueStore store = NadbDriverManager.open(arguments[0]);
      for (int i = 0; i < 3; i++) {
        store.set("k" + i, bytes("v"));
      }
      ProcessHandle.of(Long.parseLong(arguments[1]))
          .ifPresent(
              server -> {
                server.destroyForcibly();
                server.onExit().join();
              });
      System.exit(0);
    }
  }

  @Test
  void aProcessThatEndsWithoutItsServerLosesNothing() throws Exception {
    String pid = server.command("INFO", "server").replaceAll("(?s).*process_id:(\\d+).*", "$1");
    Path errors = directory.resolve("errors");
    ChildJvm.run(
        Orphan.class, "", Map.of(), ProcessBuilder.Redirect.to(errors.toFile()), url(spool()), pid);
    assertThat(Files.readString(errors)).doesNotContain("are lost");
    server.restart();
    here.open(url(spool())).close();

    assertThat(atOnce.keys("")).containsExactly("k0", "k1", "k2");
  }
}

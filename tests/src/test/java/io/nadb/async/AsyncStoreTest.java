package io.nadb.async;

import static io.nadb.testing.Bytes.text;
import static io.nadb.testing.Bytes.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.AsyncKeyValueStore;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.NadbTimeoutException;
import io.nadb.StoreRegistry;
import io.nadb.testing.Faults;
import io.nadb.testing.FaultyDriver;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store with a buffer does for callers who do not wait. */
@Timeout(60)
class AsyncStoreTest {
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);
  private final Faults faults = FaultyDriver.install(registry, "fs");

  @TempDir Path directory;

  @AfterEach
  void close() {
    faults.heal();
    faults.release();
    registry.close();
  }

  private KeyValueStore open(String options) {
    return registry.open("nadb:fs:" + directory.resolve("data") + "?sweep=off&" + options);
  }

  /** A store whose buffer is at its hard cap, and whose disk is full. */
  private KeyValueStore full() {
    KeyValueStore store = open("buffer=1kb&flush=30s&write-timeout=10s");
    faults.fail("no space left on device");
    store.set("a", new byte[1023]);
    store.set("b", new byte[1023]);
    return store;
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static boolean isDone(CompletionStage<?> stage) {
    return stage.toCompletableFuture().isDone();
  }

  private static Throwable failure(CompletionStage<?> stage) {
    Throwable thrown =
        stage
            .handle((answer, failure) -> Optional.<Throwable>ofNullable(failure))
            .toCompletableFuture()
            .join()
            .orElseThrow();
    assertThat(thrown).isInstanceOf(CompletionException.class);
    return thrown.getCause();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nadb:mem:async", "fs"})
  void whatMemoryAnswersHasEndedWhenTheCallReturns(String url) {
    KeyValueStore store = url.equals("fs") ? open("flush=off") : registry.open(url);
    AsyncKeyValueStore async = store.async();
    assertThat(isDone(async.set("k", utf8("1")))).isTrue();
    store.flush();

    Thread[] continued = new Thread[1];
    async.get("k").thenRun(() -> continued[0] = Thread.currentThread());
    List<CompletionStage<?>> stages =
        List.of(
            async.get("k"),
            async.contains("k"),
            async.entry("k"),
            async.metadata("k"),
            async.setIfAbsent("l", utf8("2")),
            async.increment("k", 1),
            async.delete("l"));

    assertThat(continued[0]).isSameAs(Thread.currentThread());
    assertThat(stages).allMatch(AsyncStoreTest::isDone);
    assertThat(text(store, "k")).contains("2");
    assertThat(threads(store)).as("threads that nobody has needed").isEmpty();
  }

  private static List<String> threads(KeyValueStore store) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("nadb-async-" + store.name()))
        .toList();
  }

  @Test
  void whatNeedsTheDiskIsReadByAnotherThread() {
    KeyValueStore store = open("flush=off&memory=0b");
    store.set("k", utf8("v"));
    assertThat(isDone(store.async().get("k"))).as("while it is in the buffer").isTrue();
    store.flush();
    assertThat(threads(store)).isEmpty();

    assertThat(join(store.async().get("k")).map(String::new)).contains("v");
    assertThat(threads(store)).hasSize(1);
  }

  @Test
  void aWriteThatFindsNoRoomKeepsItsCallerWaitingForNothingAndItsKeyInOrder() throws Exception {
    KeyValueStore store = full();
    AsyncKeyValueStore async = store.async();
    CompletionStage<Long> first = async.set("c", utf8("1"));
    CompletionStage<Long> sum = async.increment("c", 4);
    CompletionStage<Optional<byte[]>> read = async.get("c");
    CompletionStage<Boolean> deleted = async.delete("c");
    CompletionStage<Map<String, byte[]>> all = async.getAll(List.of("a", "c"));
    CompletionStage<Long> last = async.set("c", utf8("2"));
    assertThat(join(async.get("a"))).as("another key").isPresent();
    time.awaitWaiting(1);
    assertThat(List.of(first, sum, read, deleted, all, last)).noneMatch(AsyncStoreTest::isDone);
    assertThat(store.contains("c")).isFalse();

    faults.heal();
    store.flush();

    assertThat(join(first)).isEqualTo(3);
    assertThat(join(sum)).isEqualTo(5);
    assertThat(join(read).map(String::new)).contains("5");
    assertThat(join(deleted)).isTrue();
    assertThat(join(all)).containsOnlyKeys("a");
    assertThat(join(last)).isEqualTo(6);
    assertThat(text(store, "c")).contains("2");
  }

  @Test
  void aWriteThatFindsNoRoomInTimeFailsAsThatOfTheStoreDoes() throws Exception {
    KeyValueStore store = full();
    CompletionStage<Long> stage = store.async().set("c", utf8("1"));
    CompletionStage<Long> next = store.async().set("c", utf8("2"));
    time.awaitWaiting(1);
    time.advance(ofSeconds(10));

    assertThat(failure(stage))
        .isInstanceOf(NadbTimeoutException.class)
        .hasMessageContaining("no room within PT10S (option 'write-timeout'); nothing was written");
    faults.heal();
    store.flush();
    assertThat(join(next)).isEqualTo(3);
  }

  @Test
  void soManyCallsMayBeUnderWayAndNoMore() throws Exception {
    KeyValueStore store = full();
    AsyncKeyValueStore async = store.async();
    List<CompletionStage<Long>> stages = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      stages.add(async.set("k" + i % 10, utf8("v")));
    }
    assertThat(stages).noneMatch(AsyncStoreTest::isDone);

    assertThat(failure(async.set("k", utf8("v"))))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("10000 asynchronous calls with ")
        .hasMessageContaining("nothing was done");
    assertThat(failure(async.get("a"))).hasMessageContaining("no more than 10000");
    assertThat(store.stats().asyncCalls()).isEqualTo(10_000);
    assertThat(store.stats().asyncRefusals()).isEqualTo(2);
    faults.heal();
    store.flush();
    for (CompletionStage<Long> stage : stages) {
      join(stage);
    }
    assertThat(store.contains("k")).isFalse();
    assertThat(join(async.set("k", utf8("v")))).isPositive();
    assertThat(store.stats().asyncCalls()).isZero();
    assertThat(store.stats().asyncRefusals()).isEqualTo(2);
  }

  @Test
  void soManyBytesMayBeUnderWayAndALargerCallIsAdmittedAlone() {
    KeyValueStore store = full();
    AsyncKeyValueStore async = store.async();
    CompletionStage<Long> large = async.set("c", new byte[65 << 20]);
    assertThat(isDone(large)).isFalse();

    assertThat(failure(async.set("d", new byte[1]))).hasMessageContaining("bytes are under way");
    faults.heal();
    store.flush();
    join(large);
    assertThat(isDone(async.set("d", new byte[1]))).isTrue();
  }

  @Test
  void closingEndsWhatHasNotBeenMade() throws Exception {
    KeyValueStore store = full();
    List<CompletionStage<Long>> stages = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      stages.add(store.async().set("c" + i % 7, utf8("v")));
    }
    time.awaitWaiting(4);
    assertThatThrownBy(store::close).isInstanceOf(NadbException.class);

    for (CompletionStage<Long> stage : stages) {
      assertThat(failure(stage))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("store is closed");
    }
    assertThat(failure(store.async().get("a")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("close was called");
  }

  @Test
  void aSyncedWriteEndsWhenTheDiskHasItAndManyShareOneSync() throws Exception {
    KeyValueStore store = open("durability=synced");
    AsyncKeyValueStore async = store.async();
    faults.block();
    CompletionStage<Long> first = async.set("first", utf8("v"));
    faults.awaitBlocked();
    List<CompletionStage<Long>> others = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      others.add(async.set("k" + i, utf8("v")));
    }
    assertThat(text(store, "k499")).as("visible at once").contains("v");
    assertThat(isDone(first)).isFalse();
    assertThat(others).noneMatch(AsyncStoreTest::isDone);
    faults.release();

    assertThat(join(first)).isEqualTo(1);
    for (CompletionStage<Long> stage : others) {
      assertThat(join(stage)).isLessThanOrEqualTo(store.durableSequence());
    }
    assertThat(faults.applied()).as("cuts").hasSize(2);
  }

  @Test
  void aSyncedWriteThatTheDiskRefusesFailsAsThatOfTheStoreDoes() {
    KeyValueStore store = open("durability=synced");
    faults.fail("no space left on device");
    CompletionStage<Long> refused = store.async().set("k", utf8("v"));

    assertThat(failure(refused))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("no space left on device");
    assertThat(text(store, "k")).as("kept for the next flush").contains("v");
    faults.heal();
    assertThat(join(store.async().set("l", utf8("v")))).isEqualTo(store.durableSequence());
  }

  @Test
  void nobodyElseCanEndAStage() throws Exception {
    KeyValueStore store = full();
    CompletionStage<Long> stage = store.async().set("c", utf8("v"));
    assertThat(stage.toCompletableFuture().complete(7L)).as("a copy").isTrue();
    assertThat(stage.toCompletableFuture().cancel(true)).as("another").isTrue();
    assertThat(isDone(stage)).isFalse();
    if (stage instanceof CompletableFuture<Long> future) {
      assertThatThrownBy(() -> future.complete(7L))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> future.obtrudeValue(7L))
          .isInstanceOf(UnsupportedOperationException.class);
    }
    faults.heal();
    store.flush();

    assertThat(join(stage)).isEqualTo(3);
  }

  @Test
  void argumentsAreRefusedAtOnceAndCopiedAtOnce() {
    KeyValueStore store = full();
    AsyncKeyValueStore async = store.async();
    assertThatThrownBy(() -> async.get("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> async.set("k", null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> async.transaction(null)).isInstanceOf(NullPointerException.class);
    byte[] value = utf8("one");
    CompletionStage<Long> stage = async.set("c", value);
    value[0] = 'X';
    faults.heal();
    store.flush();
    join(stage);

    assertThat(join(async.get("c")).map(String::new)).contains("one");
  }

  @Test
  void transactionsRunOnAThreadOfTheStoreAndPassOnWhatTheyThrow() {
    KeyValueStore store = open("flush=off");
    AsyncKeyValueStore async = store.async();
    String name =
        join(
            async.transaction(
                transaction -> {
                  transaction.set("k", utf8("v"));
                  return Thread.currentThread().getName();
                }));
    assertThat(name).startsWith("nadb-async-" + store.name());
    assertThat(text(store, "k")).contains("v");
    CompletionStage<byte[]> none = async.transaction(each -> each.get("none").orElse(null));
    assertThat(join(none)).isNull();

    CompletionStage<String> thrown =
        async.transaction(
            transaction -> {
              transaction.set("k", utf8("w"));
              throw new IllegalStateException("mine");
            });
    assertThat(failure(thrown)).isInstanceOf(IllegalStateException.class).hasMessage("mine");
    assertThat(text(store, "k")).contains("v");
    assertThat(failure(async.increment("k", 1))).isInstanceOf(NumberFormatException.class);
  }

  @Test
  void aWriteIsToldDurableWithoutAThreadThatWaits() throws Exception {
    KeyValueStore store = open("flush=5s");
    long sequence = store.set("k", utf8("v"));
    CompletableFuture<Void> durable = store.whenDurable(sequence);
    Thread[] told = new Thread[1];
    CompletableFuture<Void> after =
        durable.thenRun(
            () -> {
              told[0] = Thread.currentThread();
              store.set("l", utf8("v"));
              store.flush(); // Nothing is held that it needs.
            });
    assertThat(durable).isNotDone();
    time.advance(ofSeconds(5));
    after.join();

    assertThat(told[0].getName()).startsWith("nadb-async-" + store.name());
    assertThat(store.whenDurable(sequence)).isCompleted();
    assertThatThrownBy(() -> store.whenDurable(99))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("99 has not been given out");
    assertThatThrownBy(() -> store.whenDurable(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void closingTellsWhetherAWriteIsDurable() {
    KeyValueStore kept = open("flush=off");
    CompletableFuture<Void> durable = kept.whenDurable(kept.set("k", utf8("v")));
    kept.close();
    durable.join();

    KeyValueStore lost = open("flush=off");
    faults.fail("no space left on device");
    CompletableFuture<Void> never = lost.whenDurable(lost.set("k", utf8("v")));
    assertThatThrownBy(lost::close).isInstanceOf(NadbException.class);
    assertThatThrownBy(never::join)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("was not durable by then");
    assertThatThrownBy(() -> lost.whenDurable(1).join())
        .cause()
        .isInstanceOf(IllegalStateException.class);
  }
}

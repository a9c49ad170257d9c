package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbConnectionException;
import io.nadb.NadbException;
import io.nadb.NadbTimeoutException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import io.nadb.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions whose connection breaks, or whose server refuses: whole or not at all, and said. */
class RedisTransactionFaultsIT {
  private static final byte[] OLD = "old".getBytes(UTF_8);
  private static final byte[] NEW = "new".getBytes(UTF_8);

  private final RedisServer server = RedisServer.start();
  private final RedisProxy proxy = RedisProxy.to(server);
  private final StoreRegistry registry = StoreRegistry.create(TimeSource.system());

  @AfterEach
  void close() {
    registry.close();
    proxy.close();
    server.close();
  }

  private KeyValueStore open(String options) {
    return registry.open("nadb:redis://127.0.0.1:" + proxy.port() + "?sweep=off" + options);
  }

  /** Returns how often the function has run. */
  private static int swap(KeyValueStore store, AtomicInteger runs) {
    return store.transaction(
        transaction -> {
          transaction.set("a", transaction.get("b").orElseThrow());
          transaction.set("b", NEW, SetOptions.ttl(ofHours(1)).withTags("t"));
          return runs.incrementAndGet();
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&buffer=1mb&flush=off"})
  void aCommitWhoseConnectionIsCutIsInDoubtAndNeverRepeated(String options) {
    KeyValueStore store = open(options);
    store.set("b", OLD);
    store.transaction(transaction -> transaction.get("b")); // A buffer is sent by now.
    AtomicInteger runs = new AtomicInteger();
    proxy.loseRequest("EVAL");
    assertInDoubt(() -> swap(store, runs));
    assertThat(store.contains("a")).as("the commit never came to the server").isFalse();
    assertThat(runs).hasValue(1);

    swap(store, runs); // From now on the server knows the script.
    store.set("b", OLD);
    store.flush();
    store.set("a", NEW);
    store.flush();
    long before = evaluations();
    proxy.loseAnswer("EVALSHA");
    assertInDoubt(() -> swap(store, runs));
    assertThat(runs).hasValue(3);
    assertThat(evaluations() - before).as("sent once").isEqualTo(1);
    assertThat(store.get("a")).as("the answer never came back").contains(OLD);
    assertThat(store.get("b")).contains(NEW);
  }

  private static void assertInDoubt(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            NadbConnectionException.class, e -> assertThat(e.inDoubt()).isTrue())
        .hasMessageContaining("may have been carried out or not, and is not repeated");
  }

  private long evaluations() {
    return server
        .command("INFO", "commandstats")
        .lines()
        .filter(line -> line.startsWith("cmdstat_evalsha:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("(?s).*:calls=(\\d+).*", "$1")))
        .sum();
  }

  @Test
  void aCommitThatIsNotAnsweredInTimeIsInDoubt() {
    KeyValueStore store = open("&timeout=300ms");
    store.set("b", OLD);
    AtomicInteger runs = new AtomicInteger();
    assertThatThrownBy(
            () ->
                store.transaction(
                    transaction -> {
                      transaction.set("a", transaction.get("b").orElseThrow());
                      server.command("CLIENT", "PAUSE", "1500", "WRITE");
                      return runs.incrementAndGet();
                    }))
        .isInstanceOfSatisfying(NadbTimeoutException.class, e -> assertThat(e.inDoubt()).isTrue());
    server.command("CLIENT", "UNPAUSE");
    assertThat(runs).hasValue(1);
  }

  @Test
  void whatIsOnlyReadIsComparedAgainWhenItsConnectionIsCut() {
    KeyValueStore store = open("");
    store.set("a", OLD);
    store.set("b", OLD);
    List<Boolean> there = store.transaction(RedisTransactionFaultsIT::bothThere);
    long before = evaluations();
    proxy.loseAnswer("EVALSHA");

    assertThat(store.transaction(RedisTransactionFaultsIT::bothThere))
        .isEqualTo(there)
        .containsExactly(true, true);
    assertThat(evaluations() - before).as("with the one that was cut").isEqualTo(2);
  }

  private static List<Boolean> bothThere(Transaction transaction) {
    return List.of(transaction.contains("a"), transaction.contains("b"));
  }

  /** With the clock of the server, as always but in tests that move time by hand. */
  @Test
  void whatIsKeptGoesOnInRedisAndWhatBeginsBegins() {
    KeyValueStore store = open("");
    store.set("kept", OLD, SetOptions.ttl(ofHours(1)));
    store.set("ended", OLD, SetOptions.ttl(ofHours(1)));
    String expires = server.command("PEXPIRETIME", "nadb:{main:default}:e:kept");
    Optional<Instant> shown = store.metadata("kept").orElseThrow().expiresAt();
    store.transaction(
        transaction -> {
          transaction.set("kept", NEW, SetOptions.none().keepingTags().keepingTtl());
          transaction.set("ended", NEW);
          transaction.set("begun", NEW, SetOptions.ttl(ofHours(2)));
          return null;
        });

    assertThat(server.command("PEXPIRETIME", "nadb:{main:default}:e:kept")).isEqualTo(expires);
    assertThat(store.metadata("kept").orElseThrow().expiresAt()).isEqualTo(shown);
    assertThat(server.command("PTTL", "nadb:{main:default}:e:ended")).isEqualTo("-1");
    assertThat(Long.parseLong(server.command("PTTL", "nadb:{main:default}:e:begun")))
        .isBetween(7_100_000L, 7_200_000L);
  }

  @Test
  void aServerWithoutMemoryRefusesTheWholeTransaction() {
    KeyValueStore store = open("");
    for (String key : List.of("a", "b", "c")) {
      store.set(key, OLD, SetOptions.tags("t"));
    }
    server.command("CONFIG", "SET", "maxmemory", "1");
    server.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
    for (String deleted : List.of("a", "c")) {
      assertThatThrownBy(
              () ->
                  store.transaction(
                      transaction -> {
                        transaction.delete(deleted);
                        transaction.set("b", NEW, SetOptions.tags("u"));
                        return null;
                      }))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("out of memory")
          .hasMessageContaining("nothing was written");
      assertThat(store.get(deleted)).contains(OLD);
      assertThat(store.get("b")).contains(OLD);
      assertThat(store.queryByTags("u")).isEmpty();
    }
    store.transaction(transaction -> transaction.delete("a") && transaction.delete("c"));
    assertThat(store.keys("")).as("what gives memory back goes through").containsExactly("b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"unlink", "zadd", "pexpire", "hdel"})
  void aUserWhoMayNotDoPartOfItDoesNothing(String command) {
    KeyValueStore all = open("");
    all.set("a", OLD);
    all.set("z", OLD, SetOptions.tags("t"));
    server.command(
        "ACL",
        "SETUSER",
        "app",
        "on",
        ">secret",
        "resetchannels",
        "~nadb:*",
        "+@all",
        "-" + command);
    KeyValueStore store =
        StoreRegistry.create(TimeSource.system())
            .open("nadb:redis://app:secret@127.0.0.1:" + server.port() + "?sweep=off");
    assertThatThrownBy(
            () ->
                store.transaction(
                    transaction -> {
                      transaction.delete("a");
                      transaction.set("n", NEW);
                      transaction.set("z", NEW, SetOptions.ttl(ofHours(1)).withTags("u"));
                      return null;
                    }))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining(command)
        .hasMessageContaining("permission");
    store.close();

    assertThat(all.keys("")).containsExactly("a", "z");
    assertThat(all.get("z")).contains(OLD);
    assertThat(all.queryByTags("u")).isEmpty();
  }
}

package io.nadb.testkit.redis;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What has been acknowledged comes to the server, in order and once, when its process is killed or
 * an answer is lost.
 */
class RedisSpoolKillsIT extends SpooledStores {
  private static final int KILLS = Integer.getInteger("nadb.spool.kills", 2);

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

package io.nadb.testkit.redis;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What else a store does that has a log in front of its server: changes, transactions, reads. */
class RedisSpoolIT extends SpooledStores {
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
  void whatIsDeletedOrHasOtherTagsLeavesNothingInTheIndexes() {
    KeyValueStore store = here.open(url(spool()));
    store.set("a", bytes("1"), SetOptions.tags("x", "y"));
    store.set("b", bytes("1"), SetOptions.tags("x").withTtl(ofSeconds(60)));
    store.flush();
    assertThat(atOnce.tags()).containsEntry("x", 2L).containsEntry("y", 1L);
    store.set("a", bytes("2"), SetOptions.tags("z"));
    store.delete("b");
    store.flush();

    assertThat(atOnce.tags()).containsExactly(Map.entry("z", 1L));
    assertThat(server.command("KEYS", "nadb:{main:default}:[ix]*").lines())
        .containsExactly("nadb:{main:default}:i:z");
  }

  @Test
  void anEntryThatIsSetAgainKeepsItsTimeOfCreation() {
    Instant created = time.now();
    atOnce.set("k", bytes("1"));
    KeyValueStore store = here.open(url(spool()));
    time.advance(ofSeconds(5));
    store.set("k", bytes("2"));
    store.flush();

    assertThat(atOnce.metadata("k").orElseThrow().created()).isEqualTo(created);
    assertThat(atOnce.metadata("k").orElseThrow().updated()).isEqualTo(created.plusSeconds(5));
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
}

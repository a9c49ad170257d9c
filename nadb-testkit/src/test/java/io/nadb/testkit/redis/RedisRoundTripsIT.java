package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often a call goes to the server and back, however much is stored. */
class RedisRoundTripsIT {
  private static final byte[] VALUE = "v".getBytes(UTF_8);
  private static final SetOptions OPTIONS = SetOptions.ttl(ofHours(1)).withTags("all", "some");

  private final RedisServer server = RedisServer.start();
  private final Relay relay = Relay.to(server.port());
  private final StoreRegistry registry = StoreRegistry.create(TimeSource.system());
  private final KeyValueStore store =
      registry.open("nadb:redis://127.0.0.1:" + relay.port() + "?sweep=off");

  @BeforeEach
  void loadTheScripts() {
    store.set("k", VALUE);
    store.queryByTags("all");
    store.delete("k");
  }

  @AfterEach
  void close() {
    registry.close();
    relay.close();
    server.close();
  }

  @Test
  void setGetAndDeleteTakeOneHoweverMuchIsStored() {
    for (int stored = 0; stored <= 2000; stored += 1000) {
      fill(stored);

      assertThat(roundTrips(() -> store.set("k", VALUE, OPTIONS))).isEqualTo(1);
      assertThat(roundTrips(() -> store.set("k", VALUE, SetOptions.tags("some", "other"))))
          .isEqualTo(1);
      assertThat(roundTrips(() -> store.set("k", VALUE, SetOptions.none().keepingTags())))
          .isEqualTo(1);
      assertThat(roundTrips(() -> store.get("k"))).isEqualTo(1);
      assertThat(roundTrips(() -> store.metadata("k"))).isEqualTo(1);
      assertThat(roundTrips(() -> store.contains("k"))).isEqualTo(1);
      assertThat(roundTrips(() -> store.delete("k"))).isEqualTo(1);
      assertThat(roundTrips(() -> store.get("k"))).as("of an absent key").isEqualTo(1);
      assertThat(roundTrips(() -> store.delete("k"))).as("of an absent key").isEqualTo(1);
    }
  }

  @Test
  void aQueryOfAThousandHitsTakesOne() {
    fill(1000);

    assertThat(roundTrips(() -> assertThat(store.queryByTags("all", "some")).hasSize(1000)))
        .isEqualTo(1);
  }

  @Test
  void aLongerQueryTakesOneForEachThousand() {
    fill(2500);

    assertThat(roundTrips(() -> assertThat(store.queryByTags("all")).hasSize(2500))).isEqualTo(3);
  }

  @Test
  void manyCallsUseOneConnection() {
    fill(1000);

    assertThat(relay.connections()).as("one to find out what the server is").isEqualTo(2);
  }

  private void fill(int keys) {
    for (int i = 0; i < keys; i++) {
      store.set("key" + i, VALUE, OPTIONS);
    }
  }

  private long roundTrips(Runnable call) {
    long before = relay.roundTrips();
    call.run();
    return relay.roundTrips() - before;
  }
}

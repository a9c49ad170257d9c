package io.nadb.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.TimeSource;
import io.nadb.internal.redis.NearCache.Item;
import io.nadb.internal.redis.NearCache.Ticket;
import io.nadb.spi.NadbUrl.Endpoint;
import io.nadb.testkit.redis.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From when on what is read may be kept near. */
@Timeout(60)
class TrackingIT {

  private static RedisSettings settings(RedisServer server) {
    return new RedisSettings(
        List.of(new Endpoint(server.host(), OptionalInt.of(server.port()))),
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        Duration.ofSeconds(5),
        8,
        Duration.ofMinutes(1),
        false,
        Optional.of(1L << 20),
        "main",
        Optional.empty());
  }

  /** What has changed meanwhile, nobody has told. */
  @Test
  void whatWasBegunToBeReadWhileNobodyListenedIsNotKept() {
    try (RedisServer server = RedisServer.start()) {
      TimeSource time = TimeSource.system();
      RedisSettings settings = settings(server);
      ConnectionFigures figures = new ConnectionFigures();
      RedisFailures failures = new RedisFailures(settings, figures);
      NearCache cache = new NearCache(1 << 20);
      try (Tracking tracking = new Tracking(cache, failures, time, settings)) {
        Connector connector = new Connector(settings, failures, time, figures, tracking::met);
        Nodes nodes = connector.connect();
        Ticket early = Objects.requireNonNull(cache.begin("n", "k", null));
        tracking.start(connector, nodes, new Keyspace("main", 1));
        Ticket late = Objects.requireNonNull(cache.begin("n", "l", null));
        cache.keep(early, Item.absent());
        cache.keep(late, Item.absent());

        assertThat(cache.get("n", "k")).isNull();
        assertThat(cache.get("n", "l")).isNotNull();
        nodes.close();
      }
    }
  }
}

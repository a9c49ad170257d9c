package io.nadb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.nadb.testkit.contract.Capability;
import io.nadb.testkit.contract.StoreContract;
import io.nadb.testkit.redis.RedisCluster;
import io.nadb.testkit.redis.RedisServer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/**
 * The contract of stores, with the version of Jedis that this module has. No other tests are left
 * out than those that need what Redis lacks.
 */
class ContractIT {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  /**
   * The server removes what has expired, counts no keys, and tells nothing of its own disk; it
   * decides changes and transactions, and answers reads one by one.
   */
  private static final List<Capability> NEVER =
      List.of(
          Capability.BUFFERED_CHANGES,
          Capability.CRASH_SAFETY,
          Capability.DURABILITY,
          Capability.KEY_COUNT,
          Capability.OPACITY,
          Capability.QUERIES,
          Capability.SNAPSHOTS,
          Capability.REMOVALS,
          Capability.SWEPT_EXPIRY);

  private static RedisServer server;
  private static RedisCluster cluster;

  @BeforeAll
  static void startServers() {
    server = RedisServer.builder().password("p:w/@%").start();
    cluster = RedisCluster.start(3);
  }

  @AfterAll
  static void stopServers() {
    server.close();
    cluster.close();
  }

  private static String freshDatabase() {
    return "db=contract-" + NUMBERS.incrementAndGet();
  }

  /** A server with a password, and writes that go out at once. */
  static class Server extends StoreContract {
    @Override
    protected String url() {
      return server.url(freshDatabase());
    }

    @Override
    protected Set<Capability> capabilities() {
      return EnumSet.of(
          Capability.TTL, Capability.TAGS, Capability.TRANSACTIONS, Capability.PERSISTENCE);
    }
  }

  /** A cluster, a database of one partition, and a write buffer. */
  static class BufferedCluster extends StoreContract {
    @Override
    protected String url() {
      return cluster.url("buffer=1mb", "partitions=1", freshDatabase());
    }

    @Override
    protected Set<Capability> capabilities() {
      return EnumSet.of(
          Capability.TTL,
          Capability.TAGS,
          Capability.BUFFER,
          Capability.TRANSACTIONS,
          Capability.PERSISTENCE);
    }

    /** No test here: two namespaces are two partitions, which no transaction reaches. */
    @Override
    public void aTransactionMayHaveSeveralNamespaces() {}

    /** No test here, as above. */
    @Override
    public void aTransactionCountsForTheNamespacesThatItWritesTo() {}
  }

  @Test
  void aServerKeepsAllThatNeedsNeitherABufferNorADiskOfTheHarness() {
    List<Capability> missing = new ArrayList<>(NEVER);
    missing.add(Capability.BUFFER);
    assertKept(Server.class, missing);
  }

  @Test
  void aClusterWithABufferKeepsAllThatNeedsNoDiskOfTheHarness() {
    assertKept(BufferedCluster.class, NEVER);
  }

  private static void assertKept(Class<?> contract, List<Capability> missing) {
    Events tests =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(contract))
            .execute()
            .testEvents();

    tests.failed().debug(System.out);
    assertThat(names(tests.failed())).isEmpty();
    assertThat(names(tests.aborted()))
        .containsExactlyInAnyOrderElementsOf(
            StoreContract.testsThatNeed(missing.toArray(new Capability[0])));
    assertThat(tests.succeeded().count()).isGreaterThan(65);
  }

  private static List<String> names(Events events) {
    return events.stream().map(event -> event.getTestDescriptor().getDisplayName()).toList();
  }
}

package io.nadb.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.nadb.testkit.contract.Capability;
import io.nadb.testkit.contract.StoreContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/**
 * {@code nadb:redis:} and its relatives keep the contract of stores: on one server, with password
 * and TLS, and on a cluster, each with writes that go out at once and with a write buffer. In a
 * class of its own, since a build in which tests are skipped on purpose hides those that are not.
 */
class RedisContractIT {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  /**
   * The server removes what has expired, counts no keys, and tells nothing of its own disk; it
   * decides changes and transactions, and answers reads one by one.
   */
  private static final Capability[] NEVER = {
    Capability.BUFFERED_CHANGES,
    Capability.CRASH_SAFETY,
    Capability.DURABILITY,
    Capability.KEY_COUNT,
    Capability.OPACITY,
    Capability.QUERIES,
    Capability.SNAPSHOTS,
    Capability.REMOVALS,
    Capability.SWEPT_EXPIRY
  };

  private static final String SECRET = "f:o@b/a?r%";

  @TempDir private static Path directory;

  private static final List<AutoCloseable> SERVERS = new ArrayList<>();
  private static String single = "";
  private static String proxied = "";
  private static String encrypted = "";
  private static String cluster = "";

  @BeforeAll
  static void startServers() throws Exception {
    RedisServer plain = RedisServer.findOrStart();
    SERVERS.add(plain);
    single = plain.url();
    RedisProxy network = RedisProxy.to(plain);
    SERVERS.add(0, network);
    proxied = network.url();
    RedisServer tls = RedisServer.builder().password(SECRET).tls().start();
    SERVERS.add(tls);
    // Days pass in the contract: a handshake for each minute of them would take a minute. The
    // servers
    // without TLS have connections made anew as often as the default says.
    encrypted =
        ("nadb:rediss://localhost:%d?connection-age=1d&password-file=%s&trust-store=%s"
                + "&trust-store-password-file=%s")
            .formatted(
                tls.port(),
                file("password", SECRET),
                tls.trustStore(),
                file("trust", tls.trustStorePassword()));
    RedisCluster three = RedisCluster.start(3);
    SERVERS.add(three);
    cluster = "nadb:redis-cluster://" + three.endpoints();
  }

  private static Path file(String name, String line) throws Exception {
    return Files.writeString(directory.resolve(name), line + "\n");
  }

  @AfterAll
  static void stopServers() throws Exception {
    for (AutoCloseable server : SERVERS) {
      server.close();
    }
  }

  /** A database that no other store has. */
  private static String fresh(String url) {
    return url
        + (url.contains("?") ? "&" : "?")
        + "db=contract-"
        + ProcessHandle.current().pid()
        + "-"
        + NUMBERS.incrementAndGet();
  }

  /** Writes that go out at once. */
  abstract static class AtOnce extends StoreContract {
    @Override
    protected Set<Capability> capabilities() {
      return EnumSet.of(
          Capability.TTL, Capability.TAGS, Capability.TRANSACTIONS, Capability.PERSISTENCE);
    }
  }

  /** A write buffer. */
  abstract static class Buffered extends StoreContract {
    @Override
    protected Set<Capability> capabilities() {
      return EnumSet.of(
          Capability.TTL,
          Capability.TAGS,
          Capability.BUFFER,
          Capability.TRANSACTIONS,
          Capability.PERSISTENCE);
    }
  }

  static class Single extends AtOnce {
    @Override
    protected String url() {
      return fresh(single);
    }
  }

  static class Proxied extends AtOnce {
    @Override
    protected String url() {
      return fresh(proxied);
    }
  }

  static class SingleBuffered extends Buffered {
    @Override
    protected String url() {
      return fresh(single) + "&buffer=1mb";
    }
  }

  static class Encrypted extends AtOnce {
    @Override
    protected String url() {
      return fresh(encrypted);
    }
  }

  static class EncryptedBuffered extends Buffered {
    @Override
    protected String url() {
      return fresh(encrypted) + "&buffer=1mb";
    }
  }

  /** The keys of most tests are in several partitions, which no transaction reaches. */
  static class Cluster extends AtOnce {
    @Override
    protected String url() {
      return fresh(cluster);
    }

    @Override
    protected Set<Capability> capabilities() {
      return without(super.capabilities(), Capability.TRANSACTIONS);
    }
  }

  static class ClusterBuffered extends Buffered {
    @Override
    protected String url() {
      return fresh(cluster) + "&buffer=1mb";
    }

    @Override
    protected Set<Capability> capabilities() {
      return without(super.capabilities(), Capability.TRANSACTIONS);
    }
  }

  static class ClusterOfOnePartition extends AtOnce {
    @Override
    protected String url() {
      return fresh(cluster) + "&partitions=1";
    }

    /** No test here: two namespaces are two partitions, see RedisClusterTransactionsIT. */
    @Override
    public void aTransactionMayHaveSeveralNamespaces() {}

    /** No test here, as above. */
    @Override
    public void aTransactionCountsForTheNamespacesThatItWritesTo() {}
  }

  static class ClusterOfOnePartitionBuffered extends Buffered {
    @Override
    protected String url() {
      return fresh(cluster) + "&partitions=1&buffer=1mb";
    }

    /** No test here, as above. */
    @Override
    public void aTransactionMayHaveSeveralNamespaces() {}

    /** No test here, as above. */
    @Override
    public void aTransactionCountsForTheNamespacesThatItWritesTo() {}
  }

  private static Set<Capability> without(Set<Capability> all, Capability one) {
    Set<Capability> others = EnumSet.copyOf(all);
    others.remove(one);
    return others;
  }

  @Test
  void oneServerKeepsIt() {
    assertAllBut(Single.class, Capability.BUFFER);
  }

  @Test
  void oneServerBehindAProxyOfTheKitKeepsIt() {
    assertAllBut(Proxied.class, Capability.BUFFER);
  }

  @Test
  void oneServerWithABufferKeepsIt() {
    assertAllBut(SingleBuffered.class);
  }

  @Test
  void aServerWithPasswordAndTlsKeepsIt() {
    assertAllBut(Encrypted.class, Capability.BUFFER);
  }

  @Test
  void aServerWithPasswordAndTlsAndABufferKeepsIt() {
    assertAllBut(EncryptedBuffered.class);
  }

  @Test
  void aClusterKeepsIt() {
    assertAllBut(Cluster.class, Capability.BUFFER, Capability.TRANSACTIONS);
  }

  @Test
  void aClusterWithABufferKeepsIt() {
    assertAllBut(ClusterBuffered.class, Capability.TRANSACTIONS);
  }

  @Test
  void aClusterWhoseDatabaseHasOnePartitionKeepsItWithTransactions() {
    assertAllBut(ClusterOfOnePartition.class, Capability.BUFFER);
  }

  @Test
  void aClusterWhoseDatabaseHasOnePartitionAndABufferKeepsItWithTransactions() {
    assertAllBut(ClusterOfOnePartitionBuffered.class);
  }

  private static void assertAllBut(Class<?> contract, Capability... lacking) {
    List<Capability> missing = new ArrayList<>(List.of(NEVER));
    missing.addAll(List.of(lacking));
    assertKept(contract, StoreContract.testsThatNeed(missing.toArray(new Capability[0])));
  }

  private static void assertKept(Class<?> contract, List<String> notApplicable) {
    Events tests =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(contract))
            .execute()
            .testEvents();

    tests.failed().debug(System.out);
    assertThat(names(tests.failed())).isEmpty();
    assertThat(names(tests.aborted())).containsExactlyInAnyOrderElementsOf(notApplicable);
    assertThat(tests.succeeded().count()).isGreaterThan(65);
  }

  private static List<String> names(Events events) {
    return events.stream().map(event -> event.getTestDescriptor().getDisplayName()).toList();
  }
}

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

  /** The server removes what has expired, counts no keys, and tells nothing of its own disk. */
  private static final Capability[] NEVER = {
    Capability.CRASH_SAFETY,
    Capability.DURABILITY,
    Capability.KEY_COUNT,
    Capability.REMOVALS,
    Capability.SWEPT_EXPIRY,
    Capability.TRANSACTIONS
  };

  private static final String SECRET = "f:o@b/a?r%";

  @TempDir private static Path directory;

  private static final List<AutoCloseable> SERVERS = new ArrayList<>();
  private static String single = "";
  private static String encrypted = "";
  private static String cluster = "";

  @BeforeAll
  static void startServers() throws Exception {
    RedisServer plain = RedisServer.findOrStart();
    SERVERS.add(plain);
    single = plain.url();
    RedisServer tls = RedisServer.builder().password(SECRET).tls().start();
    SERVERS.add(tls);
    encrypted =
        "nadb:rediss://localhost:%d?password-file=%s&trust-store=%s&trust-store-password-file=%s"
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
    protected final Set<Capability> capabilities() {
      return EnumSet.of(Capability.TTL, Capability.TAGS, Capability.PERSISTENCE);
    }
  }

  /** A write buffer. */
  abstract static class Buffered extends StoreContract {
    @Override
    protected final Set<Capability> capabilities() {
      return EnumSet.of(Capability.TTL, Capability.TAGS, Capability.BUFFER, Capability.PERSISTENCE);
    }
  }

  static class Single extends AtOnce {
    @Override
    protected String url() {
      return fresh(single);
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

  static class Cluster extends AtOnce {
    @Override
    protected String url() {
      return fresh(cluster);
    }
  }

  static class ClusterBuffered extends Buffered {
    @Override
    protected String url() {
      return fresh(cluster) + "&buffer=1mb";
    }
  }

  @Test
  void oneServerKeepsIt() {
    assertAllButCrashesAndBuffers(Single.class);
  }

  @Test
  void oneServerWithABufferKeepsIt() {
    assertAllButCrashes(SingleBuffered.class);
  }

  @Test
  void aServerWithPasswordAndTlsKeepsIt() {
    assertAllButCrashesAndBuffers(Encrypted.class);
  }

  @Test
  void aServerWithPasswordAndTlsAndABufferKeepsIt() {
    assertAllButCrashes(EncryptedBuffered.class);
  }

  @Test
  void aClusterKeepsIt() {
    assertAllButCrashesAndBuffers(Cluster.class);
  }

  @Test
  void aClusterWithABufferKeepsIt() {
    assertAllButCrashes(ClusterBuffered.class);
  }

  private static void assertAllButCrashes(Class<?> contract) {
    assertKept(contract, StoreContract.testsThatNeed(NEVER));
  }

  private static void assertAllButCrashesAndBuffers(Class<?> contract) {
    List<Capability> missing = new ArrayList<>(List.of(NEVER));
    missing.add(Capability.BUFFER);
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

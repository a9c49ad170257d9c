package io.nadb.testkit.redis;

import io.nadb.testkit.contract.Capability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code nadb:redis:} keeps the contract of stores, also with password and TLS, with writes that go
 * out at once, with a write buffer, with a log in front, and near.
 */
class RedisContractIT {
  private static final String SECRET = "f:o@b/a?r%";

  @TempDir private static Path directory;

  private static final List<AutoCloseable> SERVERS = new ArrayList<>();
  private static String single = "";
  private static String proxied = "";
  private static String encrypted = "";

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
    // servers without TLS have connections made anew as often as the default says.
    encrypted =
        ("nadb:rediss://localhost:%d?connection-age=1d&password-file=%s&trust-store=%s"
                + "&trust-store-password-file=%s")
            .formatted(
                tls.port(),
                file("password", SECRET),
                tls.trustStore(),
                file("trust", tls.trustStorePassword()));
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

  static class Single extends RedisContracts.AtOnce {
    @Override
    protected String url() {
      return RedisContracts.fresh(single);
    }
  }

  static class Asynchronous extends Single {
    @Override
    protected boolean callsAsynchronously() {
      return true;
    }
  }

  static class AsynchronousNear extends Near {
    @Override
    protected boolean callsAsynchronously() {
      return true;
    }
  }

  static class AsynchronousBuffered extends SingleBuffered {
    @Override
    protected boolean callsAsynchronously() {
      return true;
    }
  }

  static class Proxied extends RedisContracts.AtOnce {
    @Override
    protected String url() {
      return RedisContracts.fresh(proxied);
    }
  }

  static class SingleBuffered extends RedisContracts.Buffered {
    @Override
    protected String url() {
      return RedisContracts.fresh(single) + "&buffer=1mb";
    }
  }

  static class Near extends RedisContracts.AtOnce {
    @Override
    protected String url() {
      return RedisContracts.fresh(single) + "&near=16mb";
    }
  }

  static class NearBuffered extends RedisContracts.Buffered {
    @Override
    protected String url() {
      return RedisContracts.fresh(single) + "&near=16mb&buffer=1mb";
    }
  }

  static class Spooled extends RedisContracts.Buffered {
    @Override
    protected String url() {
      return RedisContracts.fresh(single)
          + "&spool="
          + directory.resolve("spool" + RedisContracts.number());
    }
  }

  static class NearSpooled extends Spooled {
    @Override
    protected String url() {
      return super.url() + "&near=16mb&durability=synced";
    }
  }

  static class Encrypted extends RedisContracts.AtOnce {
    @Override
    protected String url() {
      return RedisContracts.fresh(encrypted);
    }
  }

  static class EncryptedBuffered extends RedisContracts.Buffered {
    @Override
    protected String url() {
      return RedisContracts.fresh(encrypted) + "&buffer=1mb";
    }
  }

  @Test
  void oneServerKeepsIt() {
    RedisContracts.assertAllBut(Single.class, Capability.BUFFER);
  }

  @Test
  void whoDoesNotWaitHasItKeptToo() {
    RedisContracts.assertAllBut(Asynchronous.class, Capability.BUFFER);
    RedisContracts.assertAllBut(AsynchronousNear.class, Capability.BUFFER);
    RedisContracts.assertAllBut(AsynchronousBuffered.class);
  }

  @Test
  void oneServerBehindAProxyOfTheKitKeepsIt() {
    RedisContracts.assertAllBut(Proxied.class, Capability.BUFFER);
  }

  @Test
  void oneServerWithABufferKeepsIt() {
    RedisContracts.assertAllBut(SingleBuffered.class);
  }

  @Test
  void oneServerOfWhichEntriesAreKeptNearKeepsIt() {
    RedisContracts.assertAllBut(Near.class, Capability.BUFFER);
  }

  @Test
  void oneServerOfWhichEntriesAreKeptNearBehindABufferKeepsIt() {
    RedisContracts.assertAllBut(NearBuffered.class);
  }

  @Test
  void oneServerWithALogInFrontKeepsIt() {
    RedisContracts.assertAllBut(Spooled.class);
  }

  @Test
  void oneServerOfWhichEntriesAreKeptNearBehindALogInFrontKeepsIt() {
    RedisContracts.assertAllBut(NearSpooled.class);
  }

  @Test
  void aServerWithPasswordAndTlsKeepsIt() {
    RedisContracts.assertAllBut(Encrypted.class, Capability.BUFFER);
  }

  @Test
  void aServerWithPasswordAndTlsAndABufferKeepsIt() {
    RedisContracts.assertAllBut(EncryptedBuffered.class);
  }
}

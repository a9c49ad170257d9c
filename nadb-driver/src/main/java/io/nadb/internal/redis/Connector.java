package io.nadb.internal.redis;

import io.nadb.NadbException;
import io.nadb.internal.redis.RedisSettings.Tls;
import io.nadb.spi.NadbUrl.Endpoint;
import java.nio.file.Files;
import java.security.KeyStore;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol.ClusterKeyword;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Connects to the servers that a store's URL names. */
final class Connector {
  private final RedisSettings settings;
  private final Failures failures;

  Connector(RedisSettings settings, Failures failures) {
    this.settings = settings;
    this.failures = failures;
  }

  /**
   * Connects, and checks that the servers are what the URL says.
   *
   * @throws NadbException if none of them can be reached, or they are a cluster and should be none,
   *     or the reverse
   */
  Nodes connect() {
    JedisClientConfig client = client();
    Set<HostAndPort> servers = new LinkedHashSet<>();
    for (Endpoint server : settings.servers()) {
      servers.add(new HostAndPort(server.host(), RedisSettings.port(server)));
    }
    check(servers, client);
    try {
      return settings.cluster()
          ? new ClusterNodes(servers, client, pool())
          : new SingleNode(servers.iterator().next(), client, pool());
    } catch (JedisException e) {
      throw failures.notConnected(e, false);
    }
  }

  /** Asks the first server that answers. */
  private void check(Set<HostAndPort> servers, JedisClientConfig client) {
    NadbException unreachable = null;
    for (HostAndPort server : servers) {
      try (Connection connection = new Connection(server, client)) {
        checkKind(connection);
        return;
      } catch (JedisException e) {
        NadbException failure = failures.notConnected(e, false);
        if (unreachable == null) {
          unreachable = failure;
        } else {
          unreachable.addSuppressed(failure);
        }
      }
    }
    if (unreachable != null) {
      throw unreachable;
    }
  }

  private void checkKind(Connection connection) {
    boolean cluster = true;
    try {
      connection.sendCommand(Command.CLUSTER, ClusterKeyword.KEYSLOT.name(), "nadb");
      connection.getOne();
    } catch (JedisDataException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.contains("cluster support disabled")) {
        return; // It may not be asked, by this user; then what it does with the first keys tells.
      }
      cluster = false;
    }
    String tls = settings.tls().isPresent() ? "rediss" : "redis";
    if (cluster && !settings.cluster()) {
      throw new NadbException(
          failures.place()
              + " belongs to a cluster; write nadb:"
              + tls
              + "-cluster:// instead of nadb:"
              + tls
              + "://");
    }
    if (!cluster && settings.cluster()) {
      throw new NadbException(
          failures.place()
              + " is no cluster; write nadb:"
              + tls
              + ":// instead of nadb:"
              + tls
              + "-cluster://");
    }
  }

  /** Connections wait for the next call however long it takes; no thread looks after them. */
  private GenericObjectPoolConfig<Connection> pool() {
    GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
    pool.setMaxTotal(settings.connections());
    pool.setMaxIdle(settings.connections());
    pool.setBlockWhenExhausted(true);
    pool.setMaxWait(settings.timeout());
    pool.setTimeBetweenEvictionRuns(Duration.ofMillis(-1));
    pool.setJmxEnabled(false);
    return pool;
  }

  private JedisClientConfig client() {
    int millis = (int) settings.timeout().toMillis();
    DefaultJedisClientConfig.Builder client =
        DefaultJedisClientConfig.builder()
            .protocol(RedisProtocol.RESP2)
            .connectionTimeoutMillis(millis)
            .socketTimeoutMillis(millis)
            .blockingSocketTimeoutMillis(millis)
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
            .database(settings.index());
    settings.user().ifPresent(client::user);
    settings.password().ifPresent(client::password);
    settings.tls().ifPresent(tls -> client.sslOptions(encryption(tls)));
    return client.build();
  }

  /** The trust store is read at each connecting, so that it may be replaced meanwhile. */
  private static SslOptions encryption(Tls tls) {
    SslOptions.Builder options =
        SslOptions.builder()
            .sslVerifyMode(tls.verifyHost() ? SslVerifyMode.FULL : SslVerifyMode.CA);
    tls.trustStore()
        .ifPresent(
            file -> {
              if (!Files.isReadable(file)) {
                throw new NadbException(
                    "can't read the trust store " + file + " (option trust-store)");
              }
              // Some versions of Jedis know no default; Java's reads PKCS12 and JKS.
              options.trustStoreType(KeyStore.getDefaultType());
              options.truststore(
                  file.toFile(), tls.trustStorePassword().map(String::toCharArray).orElse(null));
            });
    return options.build();
  }
}

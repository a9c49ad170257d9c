package io.nadb.internal.redis;

import io.nadb.NadbException;
import io.nadb.TimeSource;
import io.nadb.internal.redis.RedisSettings.Sentinel;
import io.nadb.spi.NadbUrl.Endpoint;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultRedisCredentials;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol.ClusterKeyword;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Connects to the servers that a store's URL names. */
final class Connector {
  private final RedisSettings settings;
  private final RedisFailures failures;
  private final TimeSource time;
  private final @Nullable BiConsumer<HostAndPort, String> met;
  private final ConnectionFigures figures;

  /**
   * Connects to nobody yet.
   *
   * @param met is told which server each connection leads to; null if nobody wants to know
   */
  Connector(
      RedisSettings settings,
      RedisFailures failures,
      TimeSource time,
      ConnectionFigures figures,
      @Nullable BiConsumer<HostAndPort, String> met) {
    this.settings = settings;
    this.failures = failures;
    this.time = time;
    this.figures = figures;
    this.met = met;
  }

  /**
   * Connects, and checks that the servers are what the URL says.
   *
   * @throws NadbException if none of them can be reached, or they are a cluster and should be none,
   *     or the reverse
   */
  Nodes connect() {
    Set<HostAndPort> servers = new LinkedHashSet<>();
    for (Endpoint server : settings.servers()) {
      servers.add(new HostAndPort(server.host(), server.port().orElseThrow()));
    }
    try {
      if (settings.sentinel().isPresent()) {
        return followMaster(List.copyOf(servers), settings.sentinel().get());
      }
      check(servers);
      if (!settings.cluster()) {
        HostAndPort server = servers.iterator().next();
        return new SingleNode(server, lines(server));
      }
      return new ClusterNodes(
          servers,
          this::client,
          password(),
          (int) settings.timeout().toMillis(),
          tables(),
          this::lines);
    } catch (JedisException e) {
      throw failures.notConnected(e, null, false);
    }
  }

  private Nodes followMaster(List<HostAndPort> servers, Sentinel sentinel) {
    Sentinels sentinels =
        new Sentinels(
            servers,
            sentinel.master(),
            millis -> client(millis, sentinel),
            sentinel.password().orElse(null),
            (int) settings.timeout().toMillis());
    SentinelNodes nodes = SentinelNodes.open(sentinels, time, this::lines);
    try {
      check(Set.copyOf(nodes.masters()));
      return nodes;
    } catch (RuntimeException | Error e) {
      nodes.close();
      throw e;
    }
  }

  /** A sentinel may not know yet what its master has become. */
  private static void refuseReplica(Line line) {
    try {
      line.sendCommand(Command.ROLE);
      if (line.getOne() instanceof List<?> role
          && !role.isEmpty()
          && role.get(0) instanceof byte[] name
          && !Keyspace.text(name).equals("master")) {
        throw new JedisConnectionException("it is no master any more");
      }
    } catch (JedisDataException e) {
      // It may not be asked, by this user; then a write tells.
    }
  }

  private Lines lines(HostAndPort server) {
    return new Lines(
        server,
        new Lines.Wiring(
            this::client,
            password(),
            this::greet,
            settings.connections(),
            settings.connectionAge(),
            figures),
        time);
  }

  /** What a new connection has to stand before it is used. */
  private void greet(Line line) {
    figures.connected();
    if (settings.sentinel().isPresent()) {
      refuseReplica(line);
    }
    if (met != null) {
      try {
        line.identify();
      } catch (JedisDataException e) {
        return; // It may not be asked, by this user; then nothing is kept of what it says.
      }
      met.accept(line.plug().node(), Objects.requireNonNull(line.server()));
    }
  }

  /**
   * Makes a connection of the caller's own.
   *
   * @throws JedisException if it fails
   */
  Line connect(HostAndPort server) {
    JedisClientConfig client = client((int) settings.timeout().toMillis());
    Line line = Line.connect(new Plug(server, client), client, password());
    try {
      greet(line);
      return line;
    } catch (RuntimeException | Error e) {
      line.plug().pull();
      throw e;
    }
  }

  private @Nullable Secret password() {
    return settings.password().orElse(null);
  }

  /** Asks the first server that answers. */
  private void check(Set<HostAndPort> servers) {
    NadbException unreachable = null;
    for (HostAndPort server : servers) {
      JedisClientConfig client = client((int) settings.timeout().toMillis());
      try (Line line = Line.connect(new Plug(server, client), client, password())) {
        checkKind(line);
        return;
      } catch (JedisException e) {
        NadbException failure = failures.notConnected(e, server, false);
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
    if (settings.sentinel().isPresent()) {
      return;
    }
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

  /** Jedis asks each node which slots it has on a connection of its own; none is kept. */
  private GenericObjectPoolConfig<Connection> tables() {
    GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
    pool.setMaxTotal(1);
    pool.setMaxIdle(0);
    pool.setBlockWhenExhausted(true);
    pool.setMaxWait(settings.timeout());
    pool.setTimeBetweenEvictionRuns(Duration.ofMillis(-1));
    pool.setJmxEnabled(false);
    return pool;
  }

  private JedisClientConfig client(int millis) {
    DefaultJedisClientConfig.Builder client =
        client(millis, settings.user(), settings.password()).database(settings.index());
    settings.tls().ifPresent(tls -> Encryption.add(tls, client));
    return client.build();
  }

  private JedisClientConfig client(int millis, Sentinel sentinel) {
    DefaultJedisClientConfig.Builder client = client(millis, sentinel.user(), sentinel.password());
    if (sentinel.tls()) {
      settings.tls().ifPresent(tls -> Encryption.add(tls, client));
    }
    return client.build();
  }

  private static DefaultJedisClientConfig.Builder client(
      int millis, Optional<String> user, Optional<Secret> password) {
    DefaultJedisClientConfig.Builder client =
        DefaultJedisClientConfig.builder()
            .protocol(RedisProtocol.RESP2)
            .connectionTimeoutMillis(millis)
            .socketTimeoutMillis(millis)
            .blockingSocketTimeoutMillis(millis)
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
    if (user.isPresent() || password.isPresent()) {
      client.credentialsProvider(
          () ->
              new DefaultRedisCredentials(
                  user.orElse(null), password.map(Secret::text).orElse(null)));
    }
    return client;
  }
}

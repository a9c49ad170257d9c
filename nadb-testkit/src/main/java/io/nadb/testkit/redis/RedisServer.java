package io.nadb.testkit.redis;

import io.nadb.testkit.redis.RespConnection.Access;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis server for a test.
 *
 * <pre>{@code
 * try (RedisServer redis = RedisServer.start();
 *     KeyValueStore store = NadbDriverManager.open(redis.url())) {
 *   …
 *   redis.kill();
 * }
 * }</pre>
 *
 * <p>It is looked for in this order, and one line of the log says what was found where, and why not
 * before:
 *
 * <ol>
 *   <li>{@link #findOrStart()} only: a running server, named by the system property {@code
 *       nadb.test.redis.url}. It is shared: tests must keep to a database or namespace of their
 *       own.
 *   <li>{@code redis-server} on the PATH.
 *   <li>The server in the library {@code com.github.codemonstur:embedded-redis}, if it is on the
 *       class path.
 *   <li>{@link #findOrStart()} only: a container, if Testcontainers is on the class path and Docker
 *       is there.
 * </ol>
 *
 * <p>If there is none, the test is skipped, with the reasons; it fails instead if the system
 * property {@code nadb.test.require} is {@code redis}. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RedisServer implements AutoCloseable {
  private final Backing backing;
  private final Access access;
  private final ServerRefusals refusals = new ServerRefusals(this);

  RedisServer(Backing backing, Access access) {
    this.backing = backing;
    this.access = access;
  }

  /** Starts a server of the test's own, as Redis is without further options. */
  public static RedisServer start() {
    return builder().start();
  }

  /** Returns a server that others may use too: the running one, or one that is started. */
  public static RedisServer findOrStart() {
    return findOrStart(Surroundings.real());
  }

  static RedisServer findOrStart(Surroundings surroundings) {
    ServerSearch search = new ServerSearch(surroundings);
    String url = surroundings.property(GivenServer.PROPERTY);
    if (url != null && !url.isBlank()) {
      GivenServer given = GivenServer.parse(url).check(search);
      return new RedisServer(given, given.access());
    }
    search.missed("the property " + GivenServer.PROPERTY + " is not set");
    RedisServer server = new Builder().tryStart(search);
    if (server != null) {
      return server;
    }
    Backing container = search.container();
    if (container != null) {
      return new RedisServer(container, new Access(null, null, false, null));
    }
    throw search.giveUp("tests");
  }

  /** Begins to describe a server of the test's own. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The URL that opens a store on it, with its password and, if it speaks TLS, with the options for
   * its trust store.
   *
   * @param options further ones, for example {@code "flush=5s"}
   */
  public String url(String... options) {
    return openUrl("", endpoint(), options);
  }

  /** A URL with everything that a client needs to know. */
  String openUrl(String form, String endpoints, String... options) {
    return UrlText.open(access, form, endpoints, options);
  }

  /** The host and the port as a URL has them. */
  String endpoint() {
    return UrlText.endpoint(host(), port());
  }

  /** Its address. */
  public String host() {
    return backing.host();
  }

  /** Its port; it keeps it when it is stopped and started. */
  public int port() {
    return backing.port();
  }

  /** The password that clients must give, if any. */
  public Optional<String> password() {
    return Optional.ofNullable(access.password());
  }

  /** Whether clients must use TLS. */
  public boolean isTls() {
    return access.tls();
  }

  /**
   * A PKCS12 file that holds the server's certificate.
   *
   * @throws IllegalStateException if it was not started with {@link Builder#tls()}
   */
  public Path trustStore() {
    return certificates().trustStore();
  }

  /** The password of {@link #trustStore()}. */
  public String trustStorePassword() {
    return certificates().password();
  }

  /** A file that holds the password of {@link #trustStore()}. */
  public Path trustStorePasswordFile() {
    return certificates().passwordFile();
  }

  private Certificates certificates() {
    Certificates present = access.certificates();
    if (present == null) {
      throw new IllegalStateException("the server was started without tls()");
    }
    return present;
  }

  /** Which server this is: its version, where it was found, and why nowhere before. */
  public String origin() {
    return backing.origin();
  }

  /**
   * Sends a command and returns the reply as text: the elements of a list line by line, nothing for
   * nil.
   *
   * @throws IllegalStateException if the reply is an error
   */
  public String command(String... words) {
    return String.join("\n", list(words));
  }

  /** Sends a command and returns the elements of the reply. */
  List<String> list(String... words) {
    try (RespConnection connection = RespConnection.open(host(), port(), access)) {
      return connection.send(List.of(words));
    } catch (IOException e) {
      throw new UncheckedIOException("no reply from " + this, e);
    }
  }

  /**
   * Ends it in good order: what an append-only file is to hold is written, everything else is lost.
   *
   * @throws UnsupportedOperationException if it is not the test's own
   */
  public void stop() {
    backing.stop();
  }

  /**
   * Ends it at once, as a crash does.
   *
   * @throws UnsupportedOperationException if it is not the test's own
   */
  public void kill() {
    backing.kill();
  }

  /**
   * Starts it again after {@link #stop()} or {@link #kill()}, on the same port and with the same
   * files, and returns when it accepts connections.
   *
   * @throws UnsupportedOperationException if it is not the test's own
   */
  public void restart() {
    backing.start();
  }

  /**
   * Makes it refuse all writes from now on, by its own settings, so that its answers are real.
   *
   * @throws UnsupportedOperationException if it is not the test's own
   */
  public void refuseWrites(RedisRefusal refusal) {
    Objects.requireNonNull(refusal, "refusal");
    backing.checkOwn();
    refusals.begin(refusal);
  }

  /**
   * Makes it take writes again, whatever it refused them for; a replica becomes a master.
   *
   * @throws UnsupportedOperationException if it is not the test's own
   */
  public void takeWrites() {
    backing.checkOwn();
    refusals.end();
  }

  /** Kills it if it is the test's own and still running, and deletes its files. */
  @Override
  public void close() {
    backing.close();
  }

  Backing backing() {
    return backing;
  }

  @Override
  public String toString() {
    return "Redis at " + endpoint();
  }

  /** Describes servers of a test's own. */
  public static final class Builder {
    private final List<String> directives = new ArrayList<>();
    private @Nullable String password;
    private @Nullable Certificates certificates;
    private boolean tls;
    private boolean sentinel;

    Builder() {}

    /** Makes clients give this password. */
    public Builder password(String password) {
      this.password = Objects.requireNonNull(password, "password");
      return this;
    }

    /** Makes clients use TLS, with a new certificate for localhost and 127.0.0.1. */
    public Builder tls() {
      tls = true;
      return this;
    }

    /** Makes it keep its data in a file that is synced at each write, so that a kill loses none. */
    public Builder appendOnly() {
      return config("appendonly", "yes").config("appendfsync", "always");
    }

    /** Makes it refuse writes that would take it beyond so many bytes. */
    public Builder maxMemory(long bytes) {
      return config("maxmemory", Long.toString(bytes)).config("maxmemory-policy", "noeviction");
    }

    /** Makes it a replica of another server, without a password or with the same one. */
    public Builder replicaOf(RedisServer primary) {
      directives.add("replicaof " + primary.host() + " " + primary.port());
      return this;
    }

    /**
     * Makes it a sentinel, which keeps no data but watches over a master and makes a replica the
     * next one when it is down; {@code nadb:redis-sentinel://host:port/name} opens a store there.
     *
     * @param name what the sentinels call the master
     * @param master without a password or with the same one
     * @param quorum how many sentinels must agree that it is down
     */
    public Builder sentinelOf(String name, RedisServer master, int quorum) {
      sentinel = true;
      directives.add(
          "sentinel monitor " + name + " " + master.host() + " " + master.port() + " " + quorum);
      directives.add("sentinel down-after-milliseconds " + name + " 1000");
      directives.add("sentinel failover-timeout " + name + " 6000");
      master
          .password()
          .ifPresent(
              text ->
                  directives.add("sentinel auth-pass " + name + " " + ServerSettings.quote(text)));
      return this;
    }

    /** Makes clients use TLS, with the certificate that another server has. */
    Builder tlsLike(RedisServer other) {
      certificates = other.certificates();
      return this;
    }

    /** Adds a directive of redis.conf. */
    public Builder config(String name, String... words) {
      StringBuilder line = new StringBuilder(name);
      for (String word : words) {
        line.append(' ').append(ServerSettings.quote(word));
      }
      directives.add(line.toString());
      return this;
    }

    /** Starts one server. */
    public RedisServer start() {
      return start(new ServerSearch(Surroundings.real()));
    }

    RedisServer start(ServerSearch search) {
      RedisServer server = tryStart(search);
      if (server == null) {
        throw search.giveUp("a server of the test's own");
      }
      return server;
    }

    private @Nullable RedisServer tryStart(ServerSearch search) {
      return launch(
          search,
          "",
          (workplace, binary, settings, origin) ->
              new RedisServer(
                  RedisProcess.launch(workplace, binary, settings, origin), Access.of(settings)));
    }

    /** Starts as many masters, which share all slots, as a cluster. */
    public RedisCluster startCluster(int masters) {
      return startCluster(masters, new ServerSearch(Surroundings.real()));
    }

    RedisCluster startCluster(int masters, ServerSearch search) {
      RedisCluster cluster =
          launch(
              search,
              ", as a cluster of " + masters,
              (workplace, binary, settings, origin) ->
                  RedisCluster.launch(
                      workplace, binary, settings.asClusterNode(), origin, masters));
      if (cluster == null) {
        throw search.giveUp("a cluster");
      }
      return cluster;
    }

    /** Launches what is made of a server program; returns null if there is none. */
    private <T> @Nullable T launch(ServerSearch search, String kind, Launch<T> launch) {
      Workplace workplace = Workplace.create();
      try {
        RedisBinary binary = search.binary(workplace.directory());
        if (binary != null) {
          String origin =
              search.report("Redis " + binary.version() + ", " + binary.source() + kind);
          return launch.run(workplace, binary, settings(workplace), origin);
        }
      } catch (RuntimeException | Error e) {
        workplace.close();
        throw e;
      }
      workplace.close();
      return null;
    }

    private ServerSettings settings(Workplace workplace) {
      Certificates own = tls ? Certificates.create(workplace.directory()) : certificates;
      return new ServerSettings(password, own, false, sentinel, directives);
    }

    /** What is launched. */
    @FunctionalInterface
    private interface Launch<T> {
      T run(Workplace workplace, RedisBinary binary, ServerSettings settings, String origin);
    }
  }
}

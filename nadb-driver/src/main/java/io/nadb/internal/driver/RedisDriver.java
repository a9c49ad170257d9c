package io.nadb.internal.driver;

import io.nadb.Durability;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.NadbUrlException;
import io.nadb.internal.failure.Reason;
import io.nadb.internal.library.EagerClasses;
import io.nadb.internal.redis.RedisBackend;
import io.nadb.internal.redis.RedisSettings;
import io.nadb.internal.redis.Secret;
import io.nadb.internal.spool.MarkedServer;
import io.nadb.internal.spool.SpooledBackend;
import io.nadb.internal.url.StandardOptions;
import io.nadb.spi.DirectBackend;
import io.nadb.spi.DriverContext;
import io.nadb.spi.NadbDriver;
import io.nadb.spi.NadbUrl;
import io.nadb.spi.NadbUrl.Endpoint;
import io.nadb.spi.Option;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code nadb:redis://<host>} and its relatives: stores on Redis, which several JVMs may share. */
public abstract sealed class RedisDriver implements NadbDriver {
  private static final Pattern INDEX = Pattern.compile("/?|/[0-9]{1,4}");
  private static final Pattern MASTER = Pattern.compile("/([^/]+)(/.*)?");

  private final String scheme;
  private final boolean tls;
  private final Kind kind;

  private RedisDriver(String scheme, boolean tls, Kind kind) {
    this.scheme = scheme;
    this.tls = tls;
    this.kind = kind;
  }

  /** What the servers of a URL are. */
  private enum Kind {
    /** One server. */
    SINGLE,
    /** Nodes of a cluster. */
    CLUSTER,
    /** Sentinels, which know where the server is. */
    SENTINEL
  }

  /** {@code nadb:redis://}: one server. */
  public static final class Plain extends RedisDriver {
    /** For the service loader. */
    public Plain() {
      super("redis", false, Kind.SINGLE);
    }
  }

  /** {@code nadb:rediss://}: one server, encrypted. */
  public static final class Encrypted extends RedisDriver {
    /** For the service loader. */
    public Encrypted() {
      super("rediss", true, Kind.SINGLE);
    }
  }

  /** {@code nadb:redis-cluster://}: a cluster. */
  public static final class Cluster extends RedisDriver {
    /** For the service loader. */
    public Cluster() {
      super("redis-cluster", false, Kind.CLUSTER);
    }
  }

  /** {@code nadb:rediss-cluster://}: a cluster, encrypted. */
  public static final class EncryptedCluster extends RedisDriver {
    /** For the service loader. */
    public EncryptedCluster() {
      super("rediss-cluster", true, Kind.CLUSTER);
    }
  }

  /** {@code nadb:redis-sentinel://}: the master that sentinels watch over. */
  public static final class Watched extends RedisDriver {
    /** For the service loader. */
    public Watched() {
      super("redis-sentinel", false, Kind.SENTINEL);
    }
  }

  /** {@code nadb:rediss-sentinel://}: the master that sentinels watch over, encrypted. */
  public static final class EncryptedWatched extends RedisDriver {
    /** For the service loader. */
    public EncryptedWatched() {
      super("rediss-sentinel", true, Kind.SENTINEL);
    }
  }

  @Override
  public final String scheme() {
    return scheme;
  }

  @Override
  public final List<Option<?>> options() {
    if (kind == Kind.SENTINEL) {
      return tls ? StandardOptions.REDIS_SENTINEL_TLS : StandardOptions.REDIS_SENTINEL;
    }
    return tls ? StandardOptions.REDIS_TLS : StandardOptions.REDIS;
  }

  @Override
  public final boolean writesAtOnce() {
    return true;
  }

  @Override
  public final KeyValueStore open(DriverContext context) {
    checkDurability(context);
    checkJedis();
    EagerClasses.initializeForRedis();
    RedisSettings settings = settings(context);
    String servers =
        settings.servers().stream()
            .map(server -> server.host() + ":" + server.port().orElseThrow())
            .sorted()
            .collect(Collectors.joining(","));
    String master = settings.sentinel().map(sentinel -> "/" + sentinel.master()).orElse("");
    String db = settings.db().replace("%", "%25").replace("/", "%2F");
    String location = servers + master + "/" + settings.index() + "/" + db;
    Optional<Path> spool = context.option(StandardOptions.SPOOL).map(name -> spool(context, name));
    return context.openStore(
        location,
        settings.credentials(),
        () ->
            spool.isEmpty()
                ? open(settings, context)
                : spooled(spool.get(), scheme + ":" + location, settings, context));
  }

  /** Refuses what would silently become a directory that nobody means. */
  private static Path spool(DriverContext context, String name) {
    if (name.isEmpty() || name.startsWith("~") || name.startsWith("$")) {
      throw new NadbUrlException(
          "Option 'spool' takes the path of a directory as it is, and not '"
              + name
              + "': "
              + context.url()
              + "\nWrite the whole path, or ./"
              + (name.isEmpty() ? "spool" : name)
              + " if a directory of that name is meant");
    }
    return path(context, name);
  }

  private DirectBackend spooled(
      Path path, String database, RedisSettings settings, DriverContext context)
      throws IOException {
    Path directory = path.resolve(FsDriver.directoryName(settings.db())).toAbsolutePath();
    FsDriver.create(directory, context.io());
    return SpooledBackend.open(
        directory.toRealPath(),
        database,
        context.option(StandardOptions.DURABILITY) == Durability.SYNCED,
        context.io(),
        context.time(),
        () -> open(settings, context));
  }

  private MarkedServer open(RedisSettings settings, DriverContext context) {
    try {
      return RedisBackend.open(settings, context.time());
    } catch (LinkageError e) {
      throw new NadbException(
          "nadb:"
              + scheme
              + ": does not fit the library redis.clients:jedis on the class path, of which it needs"
              + " 6.0 or later: "
              + e,
          e);
    }
  }

  private void checkDurability(DriverContext context) {
    if (context.option(StandardOptions.SPOOL).isPresent()) {
      if (kind == Kind.CLUSTER) {
        throw new NadbUrlException(
            "Option 'spool' is not for a cluster, whose nodes can't make writes in one order;"
                + " leave it out: "
                + context.url());
      }
    } else if (context.option(StandardOptions.DURABILITY) == Durability.SYNCED) {
      throw new NadbUrlException(
          "Option 'durability' can't be synced on Redis: when its disk has a write, the server does"
              + " not tell; its setting appendfsync decides. Leave the option out, or name a"
              + " directory in the option spool, whose log is synced then: "
              + context.url());
    }
  }

  /** Tells what is missing, before a class of it is needed. */
  private void checkJedis() {
    check("redis.clients.jedis.Connection", "redis.clients:jedis on the class path; add it");
    check(
        "redis.clients.jedis.authentication.AuthXManager",
        "redis.clients:jedis 6.0 or later; the one on the class path is older");
    check(
        "org.apache.commons.pool2.impl.GenericObjectPoolConfig",
        "org.apache.commons:commons-pool2, on which redis.clients:jedis depends; do not exclude it");
  }

  private void check(String type, String library) {
    try {
      Class.forName(type, false, RedisDriver.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      throw new NadbException("nadb:" + scheme + ": needs the library " + library, e);
    }
  }

  private RedisSettings settings(DriverContext context) {
    NadbUrl url = context.url();
    return new RedisSettings(
        servers(url),
        kind == Kind.CLUSTER,
        kind == Kind.SENTINEL ? Optional.of(sentinel(context)) : Optional.empty(),
        url.user(),
        password(context),
        index(url),
        tls ? Optional.of(tls(context)) : Optional.empty(),
        context.option(StandardOptions.TIMEOUT),
        context.option(StandardOptions.CONNECTIONS),
        context.option(StandardOptions.CONNECTION_AGE),
        context.option(StandardOptions.ACKNOWLEDGE_BY_REPLICA),
        context.option(StandardOptions.NEAR),
        context.option(StandardOptions.DB),
        context.option(StandardOptions.PARTITIONS));
  }

  private List<Endpoint> servers(NadbUrl url) {
    List<Endpoint> servers = url.endpoints();
    if (servers.isEmpty()) {
      throw new NadbUrlException(
          "No host: " + url + "\nWrite nadb:" + scheme + "://localhost:6379, for example");
    }
    if (kind == Kind.SINGLE && servers.size() > 1) {
      throw new NadbUrlException(
          "More than one server: "
              + url
              + "\nA cluster is written nadb:"
              + scheme
              + "-cluster://, and sentinels nadb:"
              + scheme
              + "-sentinel://");
    }
    return servers.stream()
        .map(server -> RedisSettings.withPort(server, kind == Kind.SENTINEL))
        .distinct()
        .toList();
  }

  private RedisSettings.Sentinel sentinel(DriverContext context) {
    return new RedisSettings.Sentinel(
        master(context.url()).group(1),
        context.option(StandardOptions.SENTINEL_USER),
        secret(context, StandardOptions.SENTINEL_PASSWORD_FILE),
        tls && context.option(StandardOptions.SENTINEL_TLS));
  }

  private Matcher master(NadbUrl url) {
    Matcher path = MASTER.matcher(url.path());
    if (!path.matches()) {
      throw new NadbUrlException(
          "No master: "
              + url
              + "\nWrite nadb:"
              + scheme
              + "://sentinel:26379/mymaster, with the name that the sentinels have for it, and"
              + " /mymaster/2 for the Redis database 2");
    }
    return path;
  }

  private int index(NadbUrl url) {
    String path = kind == Kind.SENTINEL ? master(url).group(2) : url.path();
    if (path == null) {
      return 0;
    }
    if (!INDEX.matcher(path).matches()) {
      throw new NadbUrlException(
          "The path '"
              + path
              + "' is no number of a Redis database: "
              + url
              + "\nWrite /0, or leave it out; the option db is something else, a name");
    }
    int index = path.length() <= 1 ? 0 : Integer.parseInt(path.substring(1));
    if (kind == Kind.CLUSTER && index != 0) {
      throw new NadbUrlException(
          "A Redis Cluster has the database 0 only: "
              + url
              + "\nLeave the path out; to keep things apart, use the option db");
    }
    return index;
  }

  private static Optional<Secret> password(DriverContext context) {
    Optional<Secret> inFile = secret(context, StandardOptions.PASSWORD_FILE);
    if (inFile.isPresent() && context.url().password().isPresent()) {
      throw new NadbUrlException(
          "Two passwords: one before the host, one by the option password-file; keep one: "
              + context.url());
    }
    return inFile.or(() -> context.url().password().map(Secret::of));
  }

  private static Optional<Secret> secret(DriverContext context, Option<Optional<String>> option) {
    return context
        .option(option)
        .map(file -> Secret.readBy(() -> firstLine(context, option).orElseThrow()));
  }

  private static RedisSettings.Tls tls(DriverContext context) {
    return new RedisSettings.Tls(
        context.option(StandardOptions.TRUST_STORE).map(file -> path(context, file)),
        firstLine(context, StandardOptions.TRUST_STORE_PASSWORD_FILE),
        context.option(StandardOptions.KEY_STORE).map(file -> path(context, file)),
        firstLine(context, StandardOptions.KEY_STORE_PASSWORD_FILE),
        context.option(StandardOptions.VERIFY_HOST));
  }

  private static Optional<String> firstLine(
      DriverContext context, Option<Optional<String>> option) {
    return context
        .option(option)
        .map(
            file -> {
              try (var lines = Files.lines(path(context, file))) {
                return lines.findFirst().orElse("");
              } catch (MalformedInputException | UncheckedIOException e) {
                throw unreadable(option, file, "it is no text in UTF-8", e);
              } catch (IOException e) {
                throw unreadable(option, file, Reason.of(e), e);
              }
            })
        .map(
            line -> {
              if (line.isEmpty()) {
                throw new NadbException(
                    "option " + option + ": the first line of the file is empty");
              }
              return line;
            });
  }

  private static NadbException unreadable(
      Option<?> option, String file, String problem, Exception cause) {
    return new NadbException(
        "can't read the file of option " + option + ", " + file + ": " + problem, cause);
  }

  private static Path path(DriverContext context, String file) {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new NadbUrlException("No path: " + file + " in " + context.url());
    }
  }
}

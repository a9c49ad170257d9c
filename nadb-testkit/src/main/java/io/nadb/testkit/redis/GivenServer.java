package io.nadb.testkit.redis;

import io.nadb.testkit.redis.RespConnection.Access;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server that was there before the tests, named by the property {@value #PROPERTY}. It belongs to
 * somebody else: tests never stop it.
 */
final class GivenServer implements Backing {
  static final String PROPERTY = "nadb.test.redis.url";
  private static final Pattern URL =
      Pattern.compile(
          "(?:nadb:)?(rediss?)://(?:([^:@/]*)(?::([^@]*))?@)?(\\[[0-9a-f:.]+]|[\\w.-]+)(?::([0-9]{1,5}))?/?");
  private static final int DEFAULT_PORT = 6379;

  private final String host;
  private final int port;
  private final Access access;
  private String origin = "the server of the property " + PROPERTY;

  private GivenServer(String host, int port, Access access) {
    this.host = host;
    this.port = port;
    this.access = access;
  }

  /** Reads the property, which is never quoted since it may hold a password. */
  static GivenServer parse(String url) {
    Matcher matcher = URL.matcher(url.strip());
    if (!matcher.matches()) {
      throw new IllegalStateException(
          "the property "
              + PROPERTY
              + " is malformed: expected redis://[user[:password]@]host[:port] or rediss://…");
    }
    String port = matcher.group(5);
    String host = matcher.group(4);
    return new GivenServer(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        port == null ? DEFAULT_PORT : Integer.parseInt(port),
        new Access(
            decode(matcher.group(2)),
            decode(matcher.group(3)),
            matcher.group(1).toLowerCase(Locale.ROOT).equals("rediss"),
            null));
  }

  private static @Nullable String decode(@Nullable String text) {
    return text == null || text.isEmpty()
        ? null
        : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  Access access() {
    return access;
  }

  /** Asks the server for its version; a server that is named but not there is a failure. */
  GivenServer check(ServerSearch search) {
    try (RespConnection connection = RespConnection.open(host, port, access)) {
      String version =
          connection
              .send(List.of("INFO", "server"))
              .get(0)
              .lines()
              .filter(line -> line.startsWith("redis_version:"))
              .map(line -> line.substring("redis_version:".length()))
              .findFirst()
              .orElse("of unknown version");
      origin = search.report("Redis " + version + " at " + host + ":" + port + ", by " + PROPERTY);
      return this;
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException(
          "the property " + PROPERTY + " names " + host + ":" + port + ", which does not answer",
          e);
    }
  }

  @Override
  public String host() {
    return host;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  public void checkOwn() {
    throw notOurs();
  }

  @Override
  public void start() {
    throw notOurs();
  }

  @Override
  public void stop() {
    throw notOurs();
  }

  @Override
  public void kill() {
    throw notOurs();
  }

  private static RuntimeException notOurs() {
    return new UnsupportedOperationException(
        "the server of "
            + PROPERTY
            + " is not the test's; use RedisServer.start() for one that is");
  }

  @Override
  public void close() {
    // It goes on.
  }
}

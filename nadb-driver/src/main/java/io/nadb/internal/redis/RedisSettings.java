package io.nadb.internal.redis;

import io.nadb.spi.NadbUrl.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which servers a store is on, and how they are spoken to.
 *
 * @param servers the server, or those of a cluster that are asked for the others, or the sentinels
 * @param cluster whether they are a cluster
 * @param sentinel whose master the store is on, if the servers are sentinels
 * @param user who connects; empty for the default user
 * @param password the password, if there is one; a sentinel may have another
 * @param index the number of the logical database, which {@code SELECT} takes
 * @param tls how the connection is encrypted, if it is
 * @param timeout how long connecting, waiting for a connection, or an answer may take
 * @param connections how many connections are held to a server at most
 * @param connectionAge how long a connection is used
 * @param replica whether a write waits until a replica has it
 * @param near how many bytes of what was read are kept in this JVM, if any
 * @param db the database
 * @param partitions into how many partitions a new database is divided, if the user says so
 */
public record RedisSettings(
    List<Endpoint> servers,
    boolean cluster,
    Optional<Sentinel> sentinel,
    Optional<String> user,
    Optional<Secret> password,
    int index,
    Optional<Tls> tls,
    Duration timeout,
    int connections,
    Duration connectionAge,
    boolean replica,
    Optional<Long> near,
    String db,
    Optional<Integer> partitions) {

  private static final int DEFAULT_PORT = 6379;
  private static final int SENTINEL_PORT = 26379;

  /** Names the servers; shows no credential, as a record otherwise would. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(cluster ? "Redis Cluster " : "Redis server ");
    if (sentinel.isPresent()) {
      text.setLength(0);
      text.append("Redis master '").append(sentinel.get().master()).append("' of the sentinels ");
    }
    String separator = "";
    for (Endpoint server : servers) {
      text.append(separator).append(name(server));
      separator = ",";
    }
    return text.toString();
  }

  /** Who connects, and what shows it; whoever names no user is Redis's user {@code default}. */
  public List<String> credentials() {
    return List.of(
        user.orElse("default"),
        password.map(Secret::text).orElse(""),
        tls.flatMap(Tls::trustStorePassword).orElse(""),
        tls.flatMap(Tls::keyStore).map(Path::toString).orElse(""),
        tls.flatMap(Tls::keyStorePassword).orElse(""),
        sentinel.flatMap(Sentinel::user).orElse(""),
        sentinel.flatMap(Sentinel::password).map(Secret::text).orElse(""));
  }

  private static String name(Endpoint server) {
    String host = server.host();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + server.port().orElseThrow();
  }

  /** The server with the port that it has if the URL names none. */
  public static Endpoint withPort(Endpoint server, boolean sentinel) {
    int usual = sentinel ? SENTINEL_PORT : DEFAULT_PORT;
    return new Endpoint(server.host(), OptionalInt.of(server.port().orElse(usual)));
  }

  /**
   * How the sentinels are spoken to, and for whom they are asked.
   *
   * @param master the name that they have for the master
   * @param user who connects to them; empty for the default user
   * @param password the password, if there is one
   * @param tls whether connections to them are encrypted, as those to the master are
   */
  public record Sentinel(
      String master, Optional<String> user, Optional<Secret> password, boolean tls) {}

  /**
   * How connections are encrypted.
   *
   * @param trustStore the file with the certificates to trust; empty for the JVM's own
   * @param trustStorePassword its password, if it has one
   * @param keyStore the file with the certificate and the key by which this side proves who it is
   * @param keyStorePassword its password, if it has one
   * @param verifyHost whether the certificate must be for the host of the URL
   */
  public record Tls(
      Optional<Path> trustStore,
      Optional<String> trustStorePassword,
      Optional<Path> keyStore,
      Optional<String> keyStorePassword,
      boolean verifyHost) {

    /** Shows no credential, as a record otherwise would. */
    @Override
    public String toString() {
      return "Tls[trustStore="
          + trustStore
          + ", keyStore="
          + keyStore
          + ", verifyHost="
          + verifyHost
          + "]";
    }
  }
}

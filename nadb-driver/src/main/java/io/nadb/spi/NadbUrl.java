package io.nadb.spi;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A parsed URL: where a store is. Its options are read through {@link DriverContext#option}.
 *
 * <pre>{@code
 * nadb:fs:./data?buffer=1mb&flush=5s
 *      |  |      |
 *      |  |      options
 *      |  path
 *      scheme
 *
 * nadb:redis://app:${env:REDIS_PASSWORD}@db1:6379,db2:6379/0?namespace=shop
 *      |       |   |                     |                | |
 *      |       |   |                     |                | options
 *      |       |   |                     |                path
 *      |       |   |                     endpoints
 *      |       |   password
 *      |       user
 *      scheme
 * }</pre>
 *
 * <p>The URL is split first and decoded afterwards: {@code %XX} stands for a byte of UTF-8, and
 * {@code +} for itself. In a path, {@code %} is written {@code %25} and {@code ?} is written {@code
 * %3F}; in an option's value, {@code %} {@code &} and {@code #} are written {@code %25}, {@code
 * %26} and {@code %23}. A URL with {@code ://} has at most one {@code @}, the one before the host;
 * any other is written {@code %40}. {@code ${env:NAME}} in a user, a password or an option's value
 * stands for an environment variable. An IPv6 address is written in brackets.
 *
 * <p>Immutable. Drivers receive it and don't implement it.
 *
 * @since 0.1.0
 */
public interface NadbUrl {

  /** The word that selects the driver, in lower case. */
  String scheme();

  /**
   * The path, decoded; with a host, it starts with {@code /} or is empty, and without one it is
   * never empty.
   */
  String path();

  /**
   * The path as it is written. A driver that stands before another one opens {@code "nadb:" +
   * rawPath()}. Unlike {@link #toString}, it may hold the other URL's password.
   */
  String rawPath();

  /** The servers, in the order in which they are written; empty if the URL has no {@code //}. */
  List<Endpoint> endpoints();

  /** The user, decoded; empty if none is given. */
  Optional<String> user();

  /** The password, decoded; empty if none is given, never an empty string. */
  Optional<String> password();

  /** The first server's name or address, an IPv6 address without its brackets. */
  default Optional<String> host() {
    return endpoints().stream().findFirst().map(Endpoint::host);
  }

  /** The first server's port; empty if none is given. */
  default OptionalInt port() {
    return endpoints().isEmpty() ? OptionalInt.empty() : endpoints().get(0).port();
  }

  /** The URL as it is written, but every credential, and what may be one, reads {@code ****}. */
  @Override
  String toString();

  /**
   * A server.
   *
   * @param host its name or address, an IPv6 address without brackets
   * @param port its port, if given
   */
  record Endpoint(String host, OptionalInt port) {

    /** Creates an endpoint. */
    public Endpoint {
      Objects.requireNonNull(host, "host");
      Objects.requireNonNull(port, "port");
    }
  }
}

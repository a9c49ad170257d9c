package io.nadb.spring.boot;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where the store {@code nadbStore} is, in place of what {@code nadb.url} says: made by Boot of a
 * container with {@code @ServiceConnection}, or of a service of Docker Compose.
 *
 * @since 0.1.0
 */
public interface NadbConnectionDetails extends ConnectionDetails {

  /**
   * The URL without options: those of {@code nadb.url}, if that has the same scheme, and {@code
   * nadb.options} hold.
   */
  String url();
}

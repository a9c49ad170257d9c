package io.nadb;

/**
 * What has been registered, until it is closed.
 *
 * @since 0.1.0
 */
public interface Registration extends AutoCloseable {

  /** Ends it; a second call does nothing. */
  @Override
  void close();
}

package io.nadb.testkit.redis;

/** Where a server really runs. */
interface Backing {

  /** The address that clients reach it at. */
  String host();

  /** The port that clients reach it at. */
  int port();

  /** Its version, and where it came from and why. */
  String origin();

  /**
   * Makes sure that a test may do with it what it likes.
   *
   * @throws UnsupportedOperationException if it is somebody else's
   */
  default void checkOwn() {}

  /** Starts it again, on the same port. */
  void start();

  /** Ends it in good order. */
  void stop();

  /** Ends it at once, as a crash does. */
  void kill();

  /** Ends it for good, with its files. */
  void close();
}

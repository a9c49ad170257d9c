package io.nadb.testkit.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;

/**
 * Finds free ports for servers.
 *
 * <p>They lie below those that systems give to outgoing connections, since a server that is started
 * again needs its port once more; and so does the port of a cluster's bus, which is higher by
 * 10000.
 */
final class Ports {
  static final int BUS = 10_000;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int FIRST = 11_000;
  private static final int LAST = 22_700;
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int ATTEMPTS = 200;

  private Ports() {}

  /** Returns a port that is free now, with that of the bus; somebody else may still take it. */
  static int free() {
    for (int i = 0; i < ATTEMPTS; i++) {
      int port = FIRST + RANDOM.nextInt(LAST - FIRST);
      if (isFree(port) && isFree(port + BUS)) {
        return port;
      }
    }
    throw new IllegalStateException(
        "no free port found on 127.0.0.1 between " + FIRST + " and " + LAST);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByAddress(LOOPBACK))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}

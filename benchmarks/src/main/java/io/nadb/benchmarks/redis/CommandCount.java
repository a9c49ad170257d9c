package io.nadb.benchmarks.redis;

import io.nadb.testkit.redis.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Counts the commands that a server is sent; what scripts do inside it is left out. */
final class CommandCount {
  private static final String MARK = "the end of what is counted";

  private CommandCount() {}

  /** Returns how many commands a piece of work sends. */
  static long of(RedisServer server, Runnable work) {
    try (Socket monitor = new Socket(server.host(), server.port());
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(monitor.getInputStream(), StandardCharsets.UTF_8))) {
      monitor.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.UTF_8));
      String answer = lines.readLine();
      if (!"+OK".equals(answer)) {
        throw new IllegalStateException("the server does not let itself be watched: " + answer);
      }
      work.run();
      server.command("ECHO", MARK);
      long count = 0;
      String line = lines.readLine();
      while (line != null && !line.contains(MARK)) {
        count += line.contains(" lua]") ? 0 : 1;
        line = lines.readLine();
      }
      return count;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

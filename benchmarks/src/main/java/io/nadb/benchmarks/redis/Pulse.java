package io.nadb.benchmarks.redis;

import io.nadb.testkit.redis.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks a server again and again whether it is there, from a process of its own, so as to see how
 * long others keep it waiting, and no pause of this one.
 */
final class Pulse implements AutoCloseable {
  private static final long PAUSE_NANOS = 200_000;
  private static final int MAX_SAMPLES = 1 << 20;

  private final Process process;
  private final BufferedReader answers;

  private Pulse(Process process) {
    this.process = process;
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * What came of a while, in milliseconds.
   *
   * @param p999 of a thousand answers, all but one took at most so long
   * @param longest the longest that an answer took
   */
  record Beats(double p999, double longest) {}

  static Pulse of(RedisServer server) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path", "."),
                Pulse.class.getName(),
                server.host(),
                Integer.toString(server.port()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Pulse pulse = new Pulse(process);
    pulse.beats(); // It is warm by then.
    return pulse;
  }

  /** What there was since the last call. */
  Beats beats() {
    try {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
      String line = answers.readLine();
      if (line == null) {
        throw new IllegalStateException("the process that asks the server has ended");
      }
      String[] micros = line.split(" ", -1);
      return new Beats(Long.parseLong(micros[0]) / 1e3, Long.parseLong(micros[1]) / 1e3);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** The process: for each line, answers with what there was since the last. */
  public static void main(String[] args) throws IOException {
    int[] micros = new int[MAX_SAMPLES];
    int count = 0;
    byte[] ping = "PING\r\n".getBytes(StandardCharsets.UTF_8);
    byte[] pong = new byte["+PONG\r\n".length()];
    InputStream commands = System.in;
    try (Socket socket = new Socket(args[0], Integer.parseInt(args[1]))) {
      socket.setTcpNoDelay(true);
      while (true) {
        long begun = System.nanoTime();
        socket.getOutputStream().write(ping);
        if (socket.getInputStream().readNBytes(pong, 0, pong.length) < pong.length) {
          return;
        }
        micros[count % MAX_SAMPLES] = (int) ((System.nanoTime() - begun) / 1000);
        count++;
        if (commands.available() > 0 && commands.read() == '\n') {
          int[] sorted = Arrays.copyOf(micros, Math.min(count, MAX_SAMPLES));
          Arrays.sort(sorted);
          System.out.println(
              sorted[(int) (sorted.length * 0.999)] + " " + sorted[sorted.length - 1]);
          count = 0;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }
}

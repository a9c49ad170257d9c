package io.nadb.testkit.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A redis-server that runs on this machine.
 *
 * @param executable its file
 * @param version its version, for example {@code 7.0.15}
 * @param source where it was found
 */
record RedisBinary(Path executable, String version, String source) {
  private static final Pattern VERSION = Pattern.compile("\\bv=(([0-9]+)[0-9.]*)");
  private static final int PATIENCE_SECONDS = 30;

  /**
   * Asks an executable for its version.
   *
   * @throws IOException if it doesn't run here, or is no Redis server
   */
  static RedisBinary probe(Path executable, String source) throws IOException {
    Process process =
        new ProcessBuilder(executable.toString(), "--version").redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      Matcher matcher = VERSION.matcher(output);
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)
          || process.exitValue() != 0
          || !matcher.find()) {
        throw new IOException("it does not tell its version, but: " + output);
      }
      return new RedisBinary(executable, matcher.group(1), source);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while it was asked for its version", e);
    } finally {
      process.destroyForcibly();
    }
  }

  boolean isAtLeast(int major) {
    return Integer.parseInt(version.substring(0, (version + ".").indexOf('.'))) >= major;
  }
}

package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

/**
 * A process that writes {@code k0}, {@code k1} and so on, says what has returned, and is killed.
 */
final class SpooledWriter implements AutoCloseable {
  private final Process process;
  private final BufferedReader lines;

  private SpooledWriter(Process process) {
    this.process = process;
    this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /** Begins at a number. */
  static SpooledWriter start(String url, int first) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-cp",
            System.getProperty("java.class.path"),
            Writing.class.getName(),
            url,
            String.valueOf(first));
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return new SpooledWriter(builder.start());
  }

  /** Waits until so many more writes have returned; returns the number of the last one. */
  int await(int writes) throws IOException {
    String line = null;
    for (int i = 0; i < writes; i++) {
      line = lines.readLine();
    }
    if (line == null) {
      throw new AssertionError("the writer has ended");
    }
    return Integer.parseInt(line);
  }

  /** Kills it; returns the number of the last write that has returned. */
  int kill(int last) throws IOException, InterruptedException {
    process.toHandle().destroyForcibly(); // Which leaves what it has printed.
    process.waitFor();
    int returned = last;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      returned = Integer.parseInt(line);
    }
    return returned;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** What the process runs. */
  static final class Writing {
    public static void main(String[] arguments) {
      KeyValueStore store = NadbDriverManager.open(arguments[0]);
      for (int i = Integer.parseInt(arguments[1]); ; i++) {
        store.set("k" + i, ("v" + i).getBytes(UTF_8));
        System.out.print(i + "\n"); // In one piece: a kill leaves whole lines.
      }
    }
  }
}

package io.nadb.benchmarks.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import one.profiler.AsyncProfiler;
import one.profiler.Counter;

/**
 * Where a trial's processor time went, as async-profiler saw it: unlike JFR, it also sees a thread
 * in the JVM's own copying, and there a store spends much of its time waiting for memory.
 */
final class Profile {
  private static final int SHOWN = 15;
  private static final String RECORDING = "nadb.benchmarks.recording";

  private Profile() {}

  /** The arguments by which a {@link Child} records its trial. */
  static List<String> arguments(Path recording) {
    // Without the last two, a sample is booked to a neighbour of the method that really ran.
    return List.of(
        "-D" + RECORDING + "=" + recording,
        "-XX:+UnlockDiagnosticVMOptions",
        "-XX:+DebugNonSafepoints");
  }

  /** What a trial does. */
  interface Work {
    void run() throws Exception;
  }

  /** Does something, and records it if this JVM was started with {@link #arguments}. */
  static void record(Work work) throws Exception {
    String recording = System.getProperty(RECORDING);
    if (recording == null) {
      work.run();
      return;
    }
    AsyncProfiler profiler = AsyncProfiler.getInstance();
    profiler.execute("start,event=ctimer,interval=1ms");
    work.run();
    profiler.stop();
    Files.writeString(Path.of(recording), profiler.dumpCollapsed(Counter.SAMPLES));
  }

  /**
   * The methods that were seen most often at work. It does not tell who had called them: of code
   * that was compiled into one piece, that is not known for each place in it.
   *
   * @param recording a line for each stack, outermost first: {@code frame;frame;frame count}
   */
  static String of(Path recording) throws IOException {
    Map<String, Integer> methods = new HashMap<>();
    int samples = 0;
    int others = 0;
    for (String line : Files.readAllLines(recording)) {
      int blank = line.lastIndexOf(' ');
      int count = Integer.parseInt(line.substring(blank + 1));
      String[] frames = line.substring(0, blank).replace('/', '.').split(";", -1);
      if (Arrays.stream(frames).anyMatch(frame -> frame.startsWith("io.nadb."))) {
        samples += count;
        methods.merge(frames[frames.length - 1], count, Integer::sum);
      } else {
        others += count;
      }
    }
    return String.format(
        Locale.ROOT,
        "%d samples, and %d of the JVM's own threads%n%s",
        samples,
        others,
        top(methods, samples));
  }

  private static String top(Map<String, Integer> counts, int samples) {
    StringBuilder text = new StringBuilder();
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(SHOWN)
        .forEach(
            each ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "  %5.1f %%  %s%n",
                        100.0 * each.getValue() / samples,
                        each.getKey())));
    return text.toString();
  }
}

package io.nadb.benchmarks.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** Where a JVM's time went, after a recording by JFR. */
final class Profile {
  private static final int SHOWN = 15;

  private Profile() {}

  /**
   * The arguments by which a JVM records itself. Without the second and the third, a sample is
   * booked to a neighbour of the method that really ran.
   */
  static List<String> arguments(Path recording) {
    return List.of(
        "-XX:StartFlightRecording=settings=profile,filename=" + recording,
        "-XX:+UnlockDiagnosticVMOptions",
        "-XX:+DebugNonSafepoints");
  }

  /** The methods that were seen most often at work, and NADB's that had called them. */
  static String of(Path recording) throws IOException {
    Map<String, Integer> methods = new HashMap<>();
    Map<String, Integer> callers = new HashMap<>();
    int samples = 0;
    try (RecordingFile events = new RecordingFile(recording)) {
      while (events.hasMoreEvents()) {
        RecordedEvent event = events.readEvent();
        String type = event.getEventType().getName();
        if (event.getStackTrace() == null
            || !(type.equals("jdk.ExecutionSample") || type.equals("jdk.NativeMethodSample"))) {
          continue;
        }
        samples++;
        List<RecordedFrame> frames = event.getStackTrace().getFrames();
        methods.merge(name(frames.get(0)), 1, Integer::sum);
        frames.stream()
            .map(Profile::name)
            .filter(name -> name.startsWith("io.nadb."))
            .findFirst()
            .ifPresent(name -> callers.merge(name, 1, Integer::sum));
      }
    }
    return samples + " samples\n" + top(methods, samples) + "called by\n" + top(callers, samples);
  }

  private static String name(RecordedFrame frame) {
    return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
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

package io.nadb.watch;

import static io.nadb.testing.Bytes.random;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.StoreRegistry;
import io.nadb.internal.jfr.Recordings;
import io.nadb.internal.jfr.Span;
import io.nadb.testing.ChildJvm;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store costs in a JVM in which nobody watches. */
class UnwatchedIT {
  @TempDir private Path directory;

  private List<String> classesLoadedBy(Class<?> main) throws Exception {
    Path log = directory.resolve("classes.txt");
    List<String> options = List.of("-Xlog:class+load:file=" + log + ":none");
    try (ChildJvm child = ChildJvm.startWith(options, main, directory.toString())) {
      assertThat(child.line()).isEqualTo("done");
      assertThat(child.exitCode()).isZero();
    }
    return Files.readAllLines(log);
  }

  /** Uses a store. */
  static final class Use {
    public static void main(String[] arguments) {
      try (KeyValueStore store = NadbDriverManager.open("nadb:fs:" + arguments[0] + "/data")) {
        store.set("k", random(100));
        store.flush();
        store.cleanupExpired();
      }
      System.out.println("done");
    }
  }

  @Test
  void noEventClassIsLoadedSinceThatWouldTakeATenthOfASecond() throws Exception {
    assertThat(classesLoadedBy(Use.class))
        .anyMatch(line -> line.startsWith("io.nadb.internal.jfr.Recordings "))
        .noneMatch(line -> line.startsWith("io.nadb.internal.jfr.FlushEvent "))
        .noneMatch(line -> line.startsWith("jdk.jfr.internal.MetadataRepository "))
        .noneMatch(line -> line.startsWith("java.lang.management."))
        .noneMatch(line -> line.startsWith("javax.management."));
  }

  /** Starts the recorder while a store sleeps, and lets the recorder ask for its figures. */
  static final class Sleep {
    public static void main(String[] arguments) throws Exception {
      VirtualTime time = new VirtualTime();
      try (StoreRegistry registry = StoreRegistry.create(time)) {
        registry.open("nadb:fs:" + arguments[0] + "/data?name=asleep");
        registry.open("nadb:fs:" + arguments[0] + "/closed?name=gone").close();
        time.advance(Duration.ofHours(1));
        boolean idle = !FlightRecorder.isInitialized();
        long rounds = registry.status().rounds();
        try (Recording recording = new Recording()) {
          recording.enable("io.nadb.Store").with("period", "endChunk");
          recording.start();
          recording.stop();
          Path file = Path.of(arguments[0], "recording.jfr");
          recording.dump(file);
          List<String> stores =
              RecordingFile.readAllEvents(file).stream()
                  .filter(event -> event.getEventType().getName().equals("io.nadb.Store"))
                  .map(event -> event.getString("store"))
                  .distinct()
                  .toList();
          System.out.println(idle + " " + stores + " " + (registry.status().rounds() - rounds));
        }
      }
    }
  }

  @Test
  void aStoreThatSleepsIsInARecordingAsSoonAsOneIsStarted() throws Exception {
    try (ChildJvm child = ChildJvm.start(Sleep.class, directory.toString())) {
      assertThat(child.line()).isEqualTo("true [asleep] 0");
      assertThat(child.exitCode()).isZero();
    }
  }

  /** Asks for spans, and says how many bytes that took of the heap. */
  static final class Allocate {
    private static final int TIMES = 10_000;

    public static void main(String[] arguments) {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      for (int i = 0; i < 2; i++) { // The first time, classes are loaded.
        long before = threads.getCurrentThreadAllocatedBytes();
        boolean recorded = false;
        for (int j = 0; j < TIMES; j++) {
          recorded |= Recordings.flush() != Span.NONE;
          recorded |= Recordings.sweep() != Span.NONE;
          recorded |= Recordings.compaction() != Span.NONE;
          recorded |= Recordings.recovery() != Span.NONE;
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        if (i == 1 && (recorded || bytes >= TIMES)) {
          System.out.println(bytes + " bytes");
        }
      }
      System.out.println("done");
    }
  }

  @Test
  void nothingIsAllocated() throws Exception {
    classesLoadedBy(Allocate.class);
  }

  @Test
  void aJvmWithoutTheFlightRecorderRunsAsWell() throws IOException, InterruptedException {
    List<String> options = List.of("--limit-modules", "java.sql");
    try (ChildJvm child = ChildJvm.startWith(options, Use.class, directory.toString())) {
      assertThat(child.line()).isEqualTo("done");
      assertThat(child.exitCode()).isZero();
    }
  }
}

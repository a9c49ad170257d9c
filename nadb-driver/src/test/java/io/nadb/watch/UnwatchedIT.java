package io.nadb.watch;

import static io.nadb.testing.Bytes.random;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.internal.jfr.Recordings;
import io.nadb.internal.jfr.Span;
import io.nadb.testing.ChildJvm;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

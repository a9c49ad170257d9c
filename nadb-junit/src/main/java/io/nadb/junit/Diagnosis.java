package io.nadb.junit;

import io.nadb.testkit.NadbHarness;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * What is left for whoever looks into a failure: the directory with data, ledger, seed and threads,
 * and how to run the test again.
 *
 * <p>It goes with the failure itself, as a suppressed exception, since that is what build tools and
 * IDEs show; the test's output has it too, and so have report entries, which many drop.
 *
 * @param seed how to say the run's seed on the command line, with a space before; may be empty
 */
record Diagnosis(
    ExtensionContext context, String group, NadbHarness harness, KeptDirectory kept, String seed) {
  private static final System.Logger LOG = System.getLogger(Diagnosis.class.getName());
  private static final long LARGEST_FILE_BYTES = 4L << 20;

  /** A message that goes with a test's failure. */
  @SuppressWarnings("OverrideThrowableToString") // The message is a message; this is its headline.
  private static final class Note extends Exception {
    private static final long serialVersionUID = 1L;

    Note(String message) {
      super(message, null, false, false);
    }

    @Override
    public String toString() {
      return "NADB: " + getMessage();
    }
  }

  /** What a test or class has failed by, so far; an assumption that does not hold is no failure. */
  static Optional<Throwable> failureOf(ExtensionContext context) {
    return context.getExecutionException().filter(Diagnosis::isFailure);
  }

  static boolean isFailure(Throwable thrown) {
    return !(thrown instanceof TestAbortedException);
  }

  /** Keeps the directory and tells of it; the note is for {@link #tell}. */
  Throwable publish() {
    Path directory = kept.keep(harness);
    List<String> problems = harness.check();
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("nadb.kept", directory.toString());
    entries.put("nadb.replay", replay());
    if (!problems.isEmpty()) {
      entries.put("nadb.problems", String.join("\n", problems));
    }
    context.publishReportEntry(entries);
    try {
      Files.writeString(directory.resolve("replay.txt"), replay() + "\n");
      context.publishDirectory(
          group.isEmpty() ? "nadb" : "nadb-" + group.replaceAll("[^A-Za-z0-9._-]", "_"),
          target -> copy(directory, target));
    } catch (IOException | RuntimeException e) { // It must not hide what the test has to say.
      LOG.log(Level.WARNING, "can't attach " + directory + " to the test's report", e);
    }
    return note("the stores are kept, with ledger.txt, seed.txt and threads.txt, in " + directory);
  }

  /** What can be told before the stores are stopped, because others still use them. */
  Throwable promise() {
    return note("when all that use them are over, the stores are kept in " + kept.path());
  }

  private Throwable note(String where) {
    return new Note(
        (group.isEmpty() ? "" : "[" + group + "] ") + where + "\n  run it again: " + replay());
  }

  /**
   * Tells somebody who looks at a failure, or, since some settings of build tools cut failures
   * short, at the test's output.
   */
  @SuppressWarnings("SystemOut") // where test runners look
  static void tell(Throwable note, @Nullable Throwable failure) {
    if (failure != null) {
      failure.addSuppressed(note);
    }
    System.err.println(note);
  }

  private String replay() {
    String test =
        context.getRequiredTestClass().getName()
            + context.getTestMethod().map(method -> "#" + method.getName()).orElse("");
    return "mvn test -Dtest='" + test + "'" + seed;
  }

  /** Copies what is not too big; a log that was cut off by a crash is long, and mostly zeros. */
  private static void copy(Path from, Path to) throws IOException {
    if (Files.exists(to)) {
      empty(to); // An earlier run has been here.
    }
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.size(file) <= LARGEST_FILE_BYTES) {
          Path target = to.resolve(from.relativize(file).toString());
          Files.createDirectories(target.getParent());
          Files.copy(file, target);
        }
      }
    }
  }

  private static void empty(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!path.equals(directory)) {
          Files.delete(path);
        }
      }
    }
  }
}

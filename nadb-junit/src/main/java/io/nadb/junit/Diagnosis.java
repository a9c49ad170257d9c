package io.nadb.junit;

import io.nadb.testkit.NadbHarness;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What is left for whoever looks into a failure: the directory with data, ledger and threads, and
 * how to run the test again.
 */
record Diagnosis(ExtensionContext context, String group, NadbHarness harness) {
  private static final System.Logger LOG = System.getLogger(Diagnosis.class.getName());
  private static final long LARGEST_FILE_BYTES = 4L << 20;

  void publish() {
    Path directory = harness.keep();
    List<String> problems = harness.check();
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("nadb.kept", directory.toString());
    entries.put("nadb.replay", replay());
    if (!problems.isEmpty()) {
      entries.put("nadb.problems", String.join("\n", problems));
    }
    context.publishReportEntry(entries);
    try {
      context.publishDirectory(
          group.isEmpty() ? "nadb" : "nadb-" + group.replaceAll("[^A-Za-z0-9._-]", "_"),
          target -> copy(directory, target));
    } catch (RuntimeException e) { // It must not hide what the test has to say.
      LOG.log(Level.WARNING, "can't attach " + directory + " to the test's report", e);
    }
  }

  private String replay() {
    String test =
        context.getRequiredTestClass().getName()
            + context.getTestMethod().map(method -> "#" + method.getName()).orElse("");
    return "mvn test -Dtest='" + test + "' -Dnadb.test.seed=" + harness.seed();
  }

  /** Copies what is not too big; a log that was cut off by a crash is long, and mostly zeros. */
  private static void copy(Path from, Path to) throws IOException {
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
}

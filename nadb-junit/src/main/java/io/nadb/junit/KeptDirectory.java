package io.nadb.junit;

import io.nadb.testkit.NadbHarness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Where the directory of a test's harness is kept: in the same place in each run, so that what is
 * kept replaces what an earlier run has left, and a run that passes takes it away.
 *
 * @param path the place, relative to the working directory if it is in a build's output
 */
record KeptDirectory(Path path) {
  private static final System.Logger LOG = System.getLogger(KeptDirectory.class.getName());
  private static final String ROOT = "nadb.test.kept";
  private static final String NAME = "nadb-kept";

  /** How many tests' directories are kept at most; older ones are deleted. */
  private static final int MOST = 100;

  private static final int LONGEST_NAME = 120;

  static KeptDirectory of(ExtensionContext context, String group) {
    Path root =
        context.getConfigurationParameter(ROOT).map(Path::of).orElseGet(KeptDirectory::root);
    String name =
        context.getRequiredTestClass().getName()
            + context.getTestMethod().map(method -> "." + method.getName()).orElse("")
            + (group.isEmpty() ? "" : "." + group);
    String plain = name.replaceAll("[^A-Za-z0-9._$-]", "_");
    return new KeptDirectory(
        root.resolve(
            plain.substring(Math.max(0, plain.length() - LONGEST_NAME))
                + "-"
                + Long.toString(Seeds.hash(Seeds.place(context), group) & 0xfffffff, 36)));
  }

  /** The output of the build that runs the test, or else the directory for temporary files. */
  private static Path root() {
    for (List<String> build :
        List.of(
            List.of("pom.xml", "target"),
            List.of("build.gradle", "build"),
            List.of("build.gradle.kts", "build"))) {
      if (Files.exists(Path.of(build.get(0)))) {
        return Path.of(build.get(1), NAME);
      }
    }
    return Path.of(
        System.getProperty("java.io.tmpdir"), NAME + "-" + System.getProperty("user.name"));
  }

  /** Keeps what a harness leaves; returns where that is. */
  Path keep(NadbHarness harness) {
    try {
      harness.keepAs(path);
      prune();
      return path;
    } catch (UncheckedIOException e) {
      LOG.log(Level.WARNING, "can't keep a test's directory in " + path, e);
      return harness.keep();
    }
  }

  /** Takes away what an earlier run has left. */
  void delete() {
    delete(path);
  }

  private void prune() {
    Path root = path.toAbsolutePath().getParent();
    if (root == null) {
      return;
    }
    try (Stream<Path> all = Files.list(root)) {
      List<Path> byAge = all.sorted(Comparator.comparing(KeptDirectory::age).reversed()).toList();
      byAge.stream().skip(MOST).forEach(KeptDirectory::delete);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "can't look for old directories in " + root, e);
    }
  }

  private static FileTime age(Path path) {
    try {
      return Files.getLastModifiedTime(path);
    } catch (IOException e) {
      return FileTime.fromMillis(0); // Another test has just replaced it.
    }
  }

  private static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.WARNING, "can't delete " + directory + ", which an earlier run has left", e);
    }
  }
}

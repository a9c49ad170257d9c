package io.nadb.durability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.testing.ChildJvm;
import io.nadb.testing.Warnings;
import io.nadb.testkit.VirtualTime;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java runtimes that have no more than they need, and applications of named modules. */
class MinimalRuntimeIT {
  private static final Path JAVA = Path.of(System.getProperty("java.home"));

  @TempDir private Path directory;

  /** Uses a store so much that a metadata database is worth while; needs nothing but the JDK. */
  static final class Child {
    public static void main(String[] arguments) {
      Warnings warnings = Warnings.listen();
      VirtualTime time = new VirtualTime();
      String url = "nadb:fs:" + arguments[0] + "/data?flush=5s&compression=zlib";
      try (StoreRegistry registry = StoreRegistry.create(time)) {
        KeyValueStore store = registry.open(url);
        for (int i = 0; i < 1500; i++) {
          store.set("key:" + i, ("value " + i).getBytes(UTF_8));
        }
        time.advance(Duration.ofSeconds(5));
        time.advance(Duration.ofSeconds(2)); // Calm enough for metadata.db.
        System.out.println(store.stats().metadataFailure().orElse("no failure"));
        System.out.println(warnings.texts().size() + " warnings");
      }
      try (StoreRegistry registry = StoreRegistry.create(time)) {
        System.out.println(new String(registry.open(url).get("key:7").orElseThrow(), UTF_8));
      }
      System.out.println(StoreRegistry.class.getModule().isNamed() ? "a module" : "no module");
      System.out.println(ModuleLayer.boot().findModule("jdk.jfr").isPresent() ? "JFR" : "no JFR");
    }
  }

  /** Makes a Java runtime with java.base and java.logging, and modules from elsewhere. */
  private Path runtime(String more, List<Path> modulePath) {
    Path image = directory.resolve("java");
    List<String> arguments = new ArrayList<>(List.of("--output", image.toString()));
    if (!modulePath.isEmpty()) {
      arguments.addAll(List.of("--module-path", joined(modulePath)));
    }
    arguments.addAll(List.of("--add-modules", "java.logging" + more));
    int result =
        ToolProvider.findFirst("jlink")
            .orElseThrow()
            .run(
                new PrintWriter(System.out, true, UTF_8),
                new PrintWriter(System.err, true, UTF_8),
                arguments.toArray(String[]::new));
    assertThat(result).as("jlink's result").isZero();
    return image;
  }

  private static String joined(List<Path> paths) {
    return String.join(File.pathSeparator, paths.stream().map(Path::toString).toList());
  }

  private List<String> run(Path java, List<String> options, List<Path> classPath) throws Exception {
    try (ChildJvm child =
        ChildJvm.startOther(java, joined(classPath), options, Child.class, directory.toString())) {
      List<String> lines = child.lines();
      assertThat(child.exitCode()).isZero();
      return lines;
    }
  }

  private static Path entry(String part) {
    return ChildJvm.classPathEntries().stream()
        .filter(entry -> entry.contains(part))
        .map(Path::of)
        .findFirst()
        .orElseThrow();
  }

  /** The class above, the clock, and more after them. */
  private static List<Path> classes(Path... more) {
    List<Path> all = new ArrayList<>(List.of(entry("test-classes"), entry("nadb-testkit")));
    all.addAll(List.of(more));
    return all;
  }

  /** The jar, which has been made when integration tests run. */
  private static Path jar() throws IOException {
    try (var files = Files.list(Path.of("..", "nadb-driver", "target"))) {
      return files
          .filter(
              file -> file.getFileName().toString().matches("nadb-driver-[^-]+(-SNAPSHOT)?.jar"))
          .findFirst()
          .orElseThrow();
    }
  }

  private Path metadata() {
    return directory.resolve("data/main/metadata.db");
  }

  @Test
  void onTheClassPathOfARuntimeWithoutJfrAndSqlTheStoreWorks() throws Exception {
    assertThat(run(runtime("", List.of()), List.of(), classes(jar(), entry("sqlite-jdbc"))))
        .containsExactly(
            "the Java runtime has no module java.sql; add it, by jlink or by --add-modules",
            "1 warnings",
            "value 7",
            "no module",
            "no JFR");
    assertThat(metadata()).doesNotExist();
  }

  @Test
  void itCanBeLinkedIntoARuntimeWithNothingButWhatItRequires() throws Exception {
    assertThat(run(runtime(",io.nadb", List.of(jar())), List.of(), classes()))
        .containsExactly(
            "the library org.xerial:sqlite-jdbc is not on the class path or module path; add it",
            "1 warnings",
            "value 7",
            "a module",
            "no JFR");
    assertThat(metadata()).doesNotExist();
  }

  @Test
  void onTheModulePathSqliteIsUsedIfItIsThereWithoutBeingAskedFor() throws Exception {
    List<String> options =
        List.of(
            "--module-path",
            joined(List.of(jar(), entry("sqlite-jdbc"))),
            "--add-modules",
            "io.nadb");
    assertThat(run(JAVA, options, classes()))
        .startsWith("no failure", "0 warnings", "value 7", "a module");
    assertThat(metadata()).exists();
  }

  @Test
  void onTheModulePathSqliteIsMissedIfItIsNotThere() throws Exception {
    List<String> options = List.of("--module-path", jar().toString(), "--add-modules", "io.nadb");
    assertThat(run(JAVA, options, classes()))
        .startsWith(
            "the library org.xerial:sqlite-jdbc is not on the class path or module path; add it",
            "1 warnings",
            "value 7");
    assertThat(metadata()).doesNotExist();
  }
}

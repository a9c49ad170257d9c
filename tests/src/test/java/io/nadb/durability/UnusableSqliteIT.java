package io.nadb.durability;

import static io.nadb.testing.Bytes.text;
import static io.nadb.testing.Bytes.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.StoreStats;
import io.nadb.testing.ChildJvm;
import io.nadb.testing.Mounts;
import io.nadb.testing.Warnings;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code metadata=sqlite}, the default, where SQLite is not there, can't be loaded or fails. */
class UnusableSqliteIT {
  private static final String GOES_ON = "no metadata.db is kept in this JVM, as with metadata=none";
  private static final int KEYS = 1500;

  @TempDir private Path directory;

  /**
   * Uses two stores, fully and again and again; the texts that one warning must hold are its
   * arguments.
   */
  static final class Child {
    public static void main(String[] arguments) {
      Warnings warnings = Warnings.listen();
      VirtualTime time = new VirtualTime();
      String options = "?segment=64kb&buffer=64kb&flush=5s&sweep=off";
      String url = "nadb:fs:" + arguments[0] + "/data" + options;
      try (StoreRegistry registry = StoreRegistry.create(time)) {
        KeyValueStore store = registry.open(url);
        KeyValueStore other = registry.open("nadb:fs:" + arguments[0] + "/other" + options);
        for (int round = 0; round < 20; round++) {
          fill(store, round);
          fill(other, round);
          time.advance(Duration.ofSeconds(5));
          time.advance(Duration.ofSeconds(2)); // Calm enough for metadata.db.
        }
        StoreStats stats = store.stats();
        assertThat(stats.compactions()).as("compactions").isPositive();
        assertThat(stats.garbageBytes()).as("garbage").isLessThan(stats.liveBytes() + (256 << 10));
        assertThat(stats.metadataLag()).as("lag").isPositive();
        assertThat(stats.metadataFailure().orElseThrow()).contains(arguments[1]);
        assertThat(registry.status().failures()).as("failures in the background").isZero();
        assertThat(store.queryByTags("even")).hasSize(KEYS / 2);
        store.close();
        registry.open(url);
      }
      try (StoreRegistry registry = StoreRegistry.create(time)) {
        assertThat(text(registry.open(url), "key:7")).contains("value of round 19");
      }
      assertThat(Path.of(arguments[0], "data/main/metadata.db")).doesNotExist();
      int expected = Integer.parseInt(arguments[2]);
      assertThat(warnings.texts()).hasSize(expected);
      for (int i = 3; i < arguments.length; i++) {
        assertThat(warnings.texts().get(0)).contains(arguments[i]);
      }
      System.out.println("passed");
    }

    private static void fill(KeyValueStore store, int round) {
      for (int i = 0; i < KEYS; i++) {
        byte[] value = utf8("value of round " + round);
        if (i % 2 == 0) {
          store.set("key:" + i, value, io.nadb.SetOptions.tags("even"));
        } else {
          store.set("key:" + i, value);
        }
      }
    }
  }

  private static void assertPasses(ChildJvm started) throws Exception {
    try (ChildJvm child = started) {
      assertThat(child.line()).as("its standard error says why not").isEqualTo("passed");
      assertThat(child.exitCode()).isZero();
    }
  }

  @Test
  void withoutItsLibraryOneWarningSaysWhatToAddAndAllElseGoesOn() throws Exception {
    String text = "org.xerial:sqlite-jdbc is not on the class path or module path; add it";
    assertPasses(
        ChildJvm.startWithout(
            "sqlite-jdbc", Child.class, directory.toString(), text, "1", GOES_ON, text));
  }

  @Test
  void aDirectoryForTemporaryFilesThatIsNotThereIsNamed() throws Exception {
    String folder = directory.resolve("nowhere").toString();
    assertPasses(
        ChildJvm.startWith(
            List.of("-Djava.io.tmpdir=" + folder),
            Child.class,
            directory.toString(),
            "can't be loaded",
            "1",
            GOES_ON,
            "java.io.tmpdir, " + folder + ", which is no directory",
            "-Dorg.sqlite.tmpdir=",
            "-Dorg.sqlite.lib.path="));
  }

  @ParameterizedTest
  @ValueSource(strings = {"noexec", "ro"})
  void soIsOneThatIsMountedSoThatNothingCanBeLoadedFromIt(String option) throws Exception {
    Path folder = Files.createDirectory(directory.resolve("tmp"));
    assertPasses(
        ChildJvm.start(
            Mounts.launcher(folder, option),
            List.of("-Djava.io.tmpdir=" + folder),
            Child.class,
            directory.toString(),
            "can't be loaded",
            "1",
            GOES_ON,
            "java.io.tmpdir, " + folder + ", which",
            option.equals("ro") ? "is not writable" : "may be full or mounted noexec"));
  }

  /** Once per store: another one may have more luck. */
  @ParameterizedTest
  @CsvSource({
    "OutOfMemoryError, out of memory",
    "IllegalStateException, IllegalStateException",
    "UnsatisfiedLinkError, UnsatisfiedLinkError"
  })
  void whateverItThrowsEndsTheProjectionOfThatStoreAlone(String thrown, String words)
      throws Exception {
    List<String> classPath = new ArrayList<>(List.of(throwing(thrown).toString()));
    classPath.addAll(ChildJvm.classPathEntries());
    assertPasses(
        ChildJvm.startOn(
            classPath,
            List.of(),
            Child.class,
            directory.toString(),
            words,
            "2", // Two stores; those who open one again write too little to need it.
            "main/metadata.db is not kept up any more until the store is opened again",
            words,
            "metadata=none does without"));
  }

  /** Compiles a class that stands before that of the library. */
  private Path throwing(String exception) throws IOException {
    Path source = directory.resolve("SQLiteConfig.java");
    Files.writeString(
        source,
        "package org.sqlite; public class SQLiteConfig { public SQLiteConfig() { throw new "
            + exception
            + "(\"on purpose\"); } }",
        UTF_8);
    Path classes = Files.createDirectory(directory.resolve("classes"));
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), source.toString());
    assertThat(result).isZero();
    return classes;
  }
}

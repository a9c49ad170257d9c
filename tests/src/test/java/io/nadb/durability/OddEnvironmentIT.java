package io.nadb.durability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.NadbUrlException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.testing.ChildJvm;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Languages, encodings and settings of a JVM that have nothing to do with a store. */
class OddEnvironmentIT {
  @TempDir private Path directory;

  /** Uses a store whose words are in all kinds of letters, and one whose directory is. */
  static final class Child {
    private static final String TAG = "\u0130I\u0131i";
    private static final String KEY = "schl\u00fcssel \ud83d\ude00 ";

    public static void main(String[] arguments) {
      VirtualTime time = new VirtualTime();
      String url =
          "nadb:fs:"
              + arguments[0]
              + "?FLUSH=5s&SEGMENT=64KB&COMPRESSION=ZLIB&DURABILITY=WRITTEN&WRITE-TIMEOUT=1S";
      try (StoreRegistry registry = StoreRegistry.create(time)) {
        KeyValueStore store = registry.open(url);
        for (int i = 0; i < 1500; i++) {
          store.set(KEY + i, new byte[100], SetOptions.tags(TAG));
        }
        time.advance(Duration.ofSeconds(5));
        time.advance(Duration.ofSeconds(2)); // Calm enough for metadata.db.
        System.out.println(store.stats().metadataFailure().orElse("metadata.db is kept"));
      }
      try (StoreRegistry registry = StoreRegistry.create(time)) {
        KeyValueStore store = registry.open(url);
        System.out.println(store.queryByTags(TAG).size() + store.keys(KEY).size());
        registry.open("nadb:fs:" + arguments[0] + "/d\u00e4ten").set("k", "v".getBytes(UTF_8));
        System.out.println("any name");
      } catch (NadbUrlException e) {
        System.out.println(String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
      }
    }
  }

  private List<String> run(List<String> launcher, List<String> options) throws Exception {
    List<String> all = new ArrayList<>(options);
    all.add("-Dstdout.encoding=UTF-8");
    try (ChildJvm child = ChildJvm.start(launcher, all, Child.class, directory.toString())) {
      List<String> lines = child.lines();
      assertThat(child.exitCode()).isZero();
      return lines;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Duser.language=tr -Duser.country=TR",
        "-Duser.language=ar -Duser.country=EG -Dfile.encoding=ISO-8859-1",
        "-Duser.language=th -Duser.country=TH -Duser.variant=TH -Duser.timezone=Asia/Kolkata",
        "-Djava.security.egd=file:/dev/nowhere -Dfile.encoding=US-ASCII"
      })
  void makeNoDifference(String options) throws Exception {
    assertThat(run(List.of("env", "LC_ALL=C.UTF-8"), Arrays.asList(options.split(" ", -1))))
        .containsExactly("metadata.db is kept", "3000", "any name");
  }

  @Test
  void aNameThatTheJvmCannotWriteIsRefusedWithARemedy() throws Exception {
    List<String> lines = run(List.of("env", "LC_ALL=C"), List.of());
    assertThat(lines).startsWith("metadata.db is kept", "3000");
    assertThat(lines.get(2))
        .contains(
            "this JVM writes the names of files in ANSI_X3.4-1968",
            "Start it with the environment variable LC_ALL=C.UTF-8");
  }
}

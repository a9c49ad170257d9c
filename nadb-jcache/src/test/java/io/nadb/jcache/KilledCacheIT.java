package io.nadb.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheManager;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kills a process that writes to two caches, and opens what it leaves. */
class KilledCacheIT {
  private static final int KILL_AT = 2_000;

  /** Writes step 0, 1, 2, … until it is killed, each to one of the caches, and says so. */
  static final class Child {

    private Child() {}

    public static void main(String[] arguments) {
      CacheManager manager =
          new NadbCachingProvider().getCacheManager(URI.create(arguments[0]), null);
      Cache<Integer, Integer> even = Managers.plain(manager, "even");
      Cache<Integer, Integer> odd = Managers.plain(manager, "odd");
      for (int step = 0; ; step++) {
        (step % 2 == 0 ? even : odd).put(step % 1000, step);
        System.out.print(step + ".\n");
        System.out.flush();
      }
    }
  }

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"buffered, 0", "written, 1999"})
  void aKilledProcessLeavesOneFlushBoundaryOfAllCaches(String durability, int atLeast)
      throws Exception {
    String url =
        "nadb:fs:" + directory.resolve("cache") + "?buffer=4kb&flush=off&durability=" + durability;
    int last = runAndKill(url);

    Map<Integer, Integer> found = new TreeMap<>();
    try (Managers managers = new Managers()) {
      CacheManager manager = managers.open(url);
      for (String name : new String[] {"even", "odd"}) {
        Cache<Integer, Integer> cache = Managers.plain(manager, name);
        cache.forEach(entry -> found.put(entry.getKey(), entry.getValue()));
      }
    }
    int boundary = found.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    assertThat(boundary).isBetween(atLeast, last + 1);
    Map<Integer, Integer> expected = new TreeMap<>();
    for (int step = 0; step <= boundary; step++) {
      expected.put(step % 1000, step);
    }
    assertThat(found).as("all steps up to %s, and none after it", boundary).isEqualTo(expected);
  }

  /** Returns the last step of which is known that it was done. */
  private static int runAndKill(String url) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Child.class.getName(),
                url)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int last = -1;
    try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.endsWith(".")) { // Else it is torn.
          last = Integer.parseInt(line.substring(0, line.length() - 1));
          if (last >= KILL_AT) {
            child.toHandle().destroyForcibly(); // Unlike the process's own, leaves the pipe open.
          }
        }
      }
    } finally {
      child.destroyForcibly();
    }
    assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(child.exitValue()).as("killed by SIGKILL").isEqualTo(137);
    return last;
  }
}

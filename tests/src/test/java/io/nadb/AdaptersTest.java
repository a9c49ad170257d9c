package io.nadb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the adapters, the modules between NADB and what its users have already, to the design: what
 * they depend on, and that time comes to them from elsewhere.
 */
class AdaptersTest {
  private static final Path ROOT = Path.of("..");
  private static final Set<String> NO_ADAPTERS =
      Set.of("nadb-bom", "nadb-driver", "nadb-agent", "nadb-cli", "nadb-testkit", "nadb-junit");

  /** What an adapter may depend on besides the driver. */
  private static final Map<String, Set<String>> BESIDES =
      Map.of(
          "nadb-jcache", Set.of("nadb-codec"),
          "nadb-kotlin", Set.of("nadb-codec"),
          "nadb-spring", Set.of("nadb-codec"),
          "nadb-spring-boot", Set.of("nadb-spring", "nadb-codec"),
          "nadb-spring-boot-starter", Set.of("nadb-spring-boot", "nadb-spring", "nadb-codec"),
          "nadb-spring-boot-test", Set.of("nadb-spring-boot", "nadb-testkit"));

  private static final Pattern DEPENDENCY =
      Pattern.compile("(?s)<dependency>(?:(?!</dependency>).)*</dependency>");
  private static final Pattern MODULE =
      Pattern.compile("<groupId>io\\.nadb</groupId>\\s*<artifactId>(nadb-[a-z-]+)</artifactId>");
  private static final Pattern TIME =
      Pattern.compile(
          "currentTimeMillis|nanoTime|\\.now\\(\\)|Clock\\.(?:system|tick)|Thread\\.sleep"
              + "|ScheduledExecutorService|TimeSource\\.system|new Date\\(\\)");

  @Test
  void anAdapterDependsOnTheDriverAndOnNoOtherAdapter() throws IOException {
    for (String adapter : adapters()) {
      Set<String> allowed = BESIDES.getOrDefault(adapter, Set.of());
      String pom = Files.readString(ROOT.resolve(adapter).resolve("pom.xml"));
      List<String> modules =
          DEPENDENCY
              .matcher(pom)
              .results()
              .map(MatchResult::group)
              .filter(dependency -> !dependency.contains("<scope>test</scope>"))
              .flatMap(dependency -> MODULE.matcher(dependency).results())
              .map(hit -> hit.group(1))
              .filter(module -> !module.equals("nadb-driver"))
              .toList();
      assertThat(allowed).as(adapter).containsAll(modules);
    }
  }

  @Test
  void anAdapterSeesNothingOfTheDriverThatIsNotForUsers() throws IOException {
    assertThat(adapters())
        .flatExtracting(AdaptersTest::sources)
        .filteredOn(file -> read(file).contains("io.nadb.internal."))
        .isEmpty();
  }

  /**
   * But for what measures the mean times that JCache's statistics have, by which nothing goes; and
   * for what waits for the load of another JVM.
   */
  @Test
  void anAdapterReadsNoClockAndWaitsForNone() throws IOException {
    assertThat(adapters())
        .flatExtracting(AdaptersTest::sources)
        .filteredOn(file -> !file.endsWith("io/nadb/jcache/CacheStatistics.java"))
        .filteredOn(file -> !file.endsWith("io/nadb/spring/cache/SharedLoads.java"))
        .filteredOn(file -> TIME.matcher(read(file)).find())
        .isEmpty();
  }

  private static List<String> adapters() throws IOException {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> name.startsWith("nadb-") && !NO_ADAPTERS.contains(name))
          .filter(name -> Files.exists(ROOT.resolve(name).resolve("pom.xml")))
          .toList();
    }
  }

  private static List<Path> sources(String module) {
    Path main = ROOT.resolve(module).resolve("src/main/java");
    if (!Files.exists(main)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(main)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

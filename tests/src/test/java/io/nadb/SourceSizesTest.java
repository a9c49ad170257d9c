package io.nadb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds the files of the published modules to a size at which each has one job. */
class SourceSizesTest {
  private static final int MAX_LINES = 400;
  private static final int MAX_MEDIAN = 110;

  private record Source(Path file, int lines) {}

  @Test
  void noFileIsLongAndMostAreShort() throws IOException {
    List<Source> sources = new ArrayList<>();
    for (String module :
        List.of(
            "nadb-driver",
            "nadb-agent",
            "nadb-cli",
            "nadb-testkit",
            "nadb-junit",
            "nadb-codec",
            "nadb-jcache",
            "nadb-micrometer",
            "nadb-spring",
            "nadb-spring-boot",
            "nadb-spring-boot-test")) {
      List<Source> found = sources(Path.of("..", module, "src", "main", "java"));
      assertThat(found).as(module).isNotEmpty();
      sources.addAll(found);
    }

    assertThat(sources)
        .as("files above %s lines: who has two jobs?", MAX_LINES)
        .filteredOn(source -> source.lines > MAX_LINES)
        .isEmpty();
    int[] lines = sources.stream().mapToInt(Source::lines).sorted().toArray();
    assertThat(lines[lines.length / 2]).as("median of lines").isLessThanOrEqualTo(MAX_MEDIAN);
  }

  /** All but the descriptions of packages and modules, which would make the median look better. */
  private static List<Source> sources(Path root) throws IOException {
    List<Source> sources = new ArrayList<>();
    try (var files = Files.walk(root)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        if (!file.getFileName().toString().endsWith("-info.java")) {
          sources.add(new Source(file, Files.readAllLines(file).size()));
        }
      }
    }
    return sources;
  }
}

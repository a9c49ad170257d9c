package io.nadb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user can see of each public type in which version it came. */
class SinceTest {
  private static final Pattern TYPE =
      Pattern.compile("(?m)^public (?:\\w+ )*(?:class|interface|enum|record|@interface) \\w+");
  private static final Pattern SINCE = Pattern.compile("(?m)^ \\* @since \\d+\\.\\d+\\.\\d+$");

  @ParameterizedTest
  @ValueSource(
      strings = {
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
        "nadb-spring-boot-test"
      })
  void everyPublicTypeOfAPublishedModuleSaysSinceWhen(String module) throws IOException {
    List<Path> types;
    try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
      types =
          files
              .filter(file -> file.toString().endsWith(".java") && !isInternal(file))
              .filter(file -> TYPE.matcher(read(file)).find())
              .toList();
    }

    assertThat(types).isNotEmpty();
    assertThat(types).filteredOn(file -> !SINCE.matcher(head(file)).find()).isEmpty();
  }

  private static boolean isInternal(Path file) {
    return file.startsWith(
        Path.of("..", "nadb-driver", "src", "main", "java", "io", "nadb", "internal"));
  }

  /** All that stands before the type. */
  private static String head(Path file) {
    return TYPE.split(read(file), 2)[0];
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

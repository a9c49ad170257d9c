package io.nadb.samples.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README shows the test that is run here. */
class ReadmeTest {
  private static final Path ROOT = Path.of("../..");
  private static final String SAMPLES = "src/test/java/io/nadb/samples/testing/";

  @Test
  void theTestInTheReadmeIsTheBeginningOfTimedFlushTest() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    int section = readme.indexOf("## Test with it");
    int from = readme.indexOf("```java\n", section) + "```java\n".length();
    String shown = readme.substring(from, readme.indexOf("```", from)).strip();

    assertThat(shown).startsWith("class TimedFlushTest {").endsWith("}\n}");
    assertThat(Files.readString(Path.of(SAMPLES + "TimedFlushTest.java")))
        .contains(shown.substring(0, shown.length() - 1).stripTrailing());
  }
}

package io.nadb.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The commands that CONTRIBUTING.md gives find what they are about. */
class ContributingTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern TEST =
      Pattern.compile("-pl ([\\w-]+) .*?-D(?:it\\.)?test=([A-Z]\\w+)");
  private static final Pattern PROPERTY = Pattern.compile("-D(nadb\\.[\\w.]+)=");

  @Test
  void eachTestIsInTheModuleAndReadsTheProperties() throws IOException {
    List<String> missing = new ArrayList<>();
    int found = 0;
    for (String line : Files.readAllLines(ROOT.resolve("CONTRIBUTING.md"))) {
      Matcher test = TEST.matcher(line);
      if (line.startsWith("mvn") && test.find()) {
        found++;
        String source = source(test.group(1), test.group(2));
        if (source.isEmpty()) {
          missing.add(test.group(2) + " in " + test.group(1));
        }
        Matcher property = PROPERTY.matcher(line);
        while (property.find()) {
          if (!source.contains('"' + property.group(1) + '"')) {
            missing.add(property.group(1) + " in " + test.group(2));
          }
        }
      }
    }

    assertThat(missing).as("what CONTRIBUTING.md names and is not there").isEmpty();
    assertThat(found).as("commands for one test").isGreaterThan(8);
  }

  /** The source of a test; empty if the module has none of that name. */
  private static String source(String module, String name) throws IOException {
    try (var files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
      for (Path file : files.toList()) {
        if (file.endsWith(name + ".java")) {
          return Files.readString(file);
        }
      }
    }
    return "";
  }
}

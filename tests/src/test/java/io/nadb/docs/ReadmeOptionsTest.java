package io.nadb.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.NadbDriverManager;
import io.nadb.OptionDescription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of options in the documentation are the one that the URL parser goes by. */
class ReadmeOptionsTest {
  private static final String HEAD = "| option | takes | default | meaning |\n|---|---|---|---|\n";

  @Test
  void theTableInTheReadmeIsTheOneThatHolds() throws Exception {
    assertTable("README.md", "options", describe("nadb:fs:./data"));
  }

  @Test
  void theTableOfRedisHasWhatFilesDoNotHave() throws Exception {
    List<OptionDescription> more = new ArrayList<>(describe("nadb:rediss-sentinel://host/name"));
    more.removeAll(describe("nadb:fs:./data"));

    assertTable("docs/redis.md", "redis options", more);
  }

  private static List<OptionDescription> describe(String url) {
    return NadbDriverManager.describe(url);
  }

  private static void assertTable(String file, String name, List<OptionDescription> options)
      throws Exception {
    String text =
        Files.readString(Path.of("").toAbsolutePath().resolveSibling(file)).replace("\r\n", "\n");
    String begin = "<!-- " + name + " -->\n";
    int from = text.indexOf(begin) + begin.length();
    int to = text.indexOf("<!-- /" + name + " -->");
    String wanted =
        HEAD + options.stream().map(ReadmeOptionsTest::row).collect(Collectors.joining());

    assertThat(text.substring(from, to))
        .as("put this between the comments '%s' in %s:\n%s", name, file, wanted)
        .isEqualTo(wanted);
  }

  private static String row(OptionDescription option) {
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            option.name(),
            option.type().replace("|", "\\|"),
            option.defaultValue().map(value -> "`" + value + "`").orElse(""),
            option.description().replace("|", "\\|"));
  }
}

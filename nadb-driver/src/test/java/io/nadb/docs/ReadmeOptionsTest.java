package io.nadb.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.NadbDriverManager;
import io.nadb.OptionDescription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The README's table of options is the one that the URL parser goes by. */
class ReadmeOptionsTest {
  private static final String BEGIN = "<!-- options -->\n";
  private static final String END = "<!-- /options -->";

  @Test
  void theTableInTheReadmeIsTheOneThatHolds() throws Exception {
    Path readme = Path.of("").toAbsolutePath().resolveSibling("README.md");
    String text = Files.readString(readme).replace("\r\n", "\n");
    int from = text.indexOf(BEGIN) + BEGIN.length();
    int to = text.indexOf(END);
    String wanted =
        "| option | takes | default | meaning |\n|---|---|---|---|\n"
            + NadbDriverManager.describe("nadb:fs:./data").stream()
                .map(ReadmeOptionsTest::row)
                .collect(Collectors.joining());

    assertThat(text.substring(from, to))
        .as("put this between <!-- options --> and <!-- /options --> in README.md:\n%s", wanted)
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

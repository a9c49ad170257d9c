package io.nadb.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nadb.cli.CommandRunner.Outcome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code copy}, {@code autopsy} and {@code repair} do. */
class MovingCommandsTest {
  private final CommandRunner cli = new CommandRunner();
  private final String store = cli.path("data").toString();
  private final String target = cli.path("target").toString();

  @AfterEach
  void close() {
    cli.close();
  }

  private Outcome done(String... arguments) {
    Outcome outcome = cli.run(arguments);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    return outcome;
  }

  private void fill() {
    done("set", store, "first", "Ada", "--tag", "web", "--ttl", "1h");
    done("set", store, "second", "Grace", "-n", "other");
  }

  private void damage(String text) throws IOException {
    Path file = cli.path("data").resolve("main/log/0000000001.seg");
    int at = Files.readString(file, ISO_8859_1).indexOf(text);
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.seek(at);
      access.write('x');
    }
  }

  @Test
  void aStoreIsCopiedWithAllNamespaces() throws Exception {
    fill();

    assertThat(done("copy", store, target).out()).contains("2 entries, 8 B, are there");

    assertThat(done("get", target, "first", "--json").out())
        .isEqualTo(done("get", store, "first", "--json").out());
    assertThat(done("get", target, "second", "-n", "other").out()).isEqualTo("Grace");
    Outcome again = cli.run("copy", store, target);
    assertThat(again.err())
        .startsWith("nadb: store ")
        .contains("is not empty", "--into-existing, which replaces")
        .hasLineCount(1);
    assertThat(again.exit()).isEqualTo(ExitCode.FAILED.code());
    Outcome ontoItself = cli.run("copy", store, store);
    assertThat(ontoItself.err()).startsWith("nadb: ").contains("is already open");
    assertThat(ontoItself.exit()).isEqualTo(ExitCode.FAILED.code());
    JsonNode json = json(done("copy", store, target, "--into-existing", "--json").out());
    assertThat(json.get("entries").asInt()).isEqualTo(2);
    assertThat(json.get("written").asInt()).isZero();
    assertThat(json.get("differences").asInt()).isZero();
  }

  @Test
  void aTerminalShowsHowFarACopyIsInOneLine() {
    fill();
    assertThat(done("copy", store, target).err()).isEmpty();
    cli.onTerminal(60);

    String err = done("copy", store, target + 2).err();

    assertThat(err).contains("\rcopying [##########").endsWith("\r").doesNotContain("\n");
    assertThat(err.split("\r", -1)).allSatisfy(line -> assertThat(line).hasSizeLessThan(60));
  }

  @Test
  void anAutopsyTellsWhatIsDurableAndWhatIsLost() throws Exception {
    fill();
    assertThat(done("autopsy", store).out())
        .contains("Durable is all up to write 2, of ")
        .contains("It opens.");

    damage("Grace");

    Outcome outcome = cli.run("autopsy", store);
    assertThat(outcome.exit()).isEqualTo(ExitCode.CORRUPT.code());
    assertThat(outcome.out()).contains("Entries that are lost: other/second");
    JsonNode json = json(cli.run("autopsy", store, "--json").out());
    assertThat(json.get("lostKeys").get(0).asText()).isEqualTo("other/second");
    assertThat(json.get("findings").get(0).get("kind").asText()).isEqualTo("lost");
    assertThat(cli.run("autopsy", target).exit()).isEqualTo(ExitCode.FAILED.code());
  }

  @Test
  void aRepairSavesWhatIsWholeAndNamesTheRest() throws Exception {
    fill();
    damage("Grace");

    Outcome outcome = cli.run("repair", store, "--to", target);

    assertThat(outcome.exit()).isEqualTo(ExitCode.CORRUPT.code());
    assertThat(outcome.out()).contains("1 entries, 3 bytes, are in " + target);
    assertThat(done("get", target, "first").out()).isEqualTo("Ada");
    assertThat(cli.run("get", target, "second", "-n", "other").exit()).isEqualTo(1);
    assertThat(cli.run("repair", store, "--to", target).err())
        .contains("a store is saved to a new directory only");
    assertThat(cli.run("repair", store).exit()).isEqualTo(ExitCode.USAGE.code());
  }

  private static JsonNode json(String text) throws Exception {
    return new ObjectMapper().readTree(text);
  }
}

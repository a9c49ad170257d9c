package io.nadb.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.cli.CommandRunner.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code stat}, {@code verify}, {@code backup}, {@code restore} and {@code prune} do. */
class ToolCommandsTest {
  private final CommandRunner cli = new CommandRunner();
  private final String store = cli.path("data").toString();
  private final String backups = cli.path("backups").toString();

  @AfterEach
  void close() {
    cli.close();
  }

  private Outcome done(String... arguments) {
    Outcome outcome = cli.run(arguments);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    return outcome;
  }

  @Test
  void statTellsHowMuchThereIs() throws Exception {
    done("set", store, "a", "v");
    done("set", store, "b", "v", "-n", "other");

    assertThat(done("stat", store).out())
        .containsPattern("entries in default +1\n")
        .containsPattern("keys in all +2\n")
        .containsPattern("open in +no other process\n");
    JsonNode json = json(done("stat", store, "--json").out());
    assertThat(json.get("entries").asInt()).isEqualTo(1);
    assertThat(json.get("keys").asInt()).isEqualTo(2);
    assertThat(json.get("state").asText()).isEqualTo("read_only");
  }

  @Test
  void statTellsWhoHasTheStoreOpen() {
    try (StoreRegistry other = StoreRegistry.create(cli.harness().time());
        KeyValueStore open = other.open("nadb:fs:" + store)) {
      open.set("k", "v".getBytes(UTF_8));
      open.flush();

      assertThat(done("stat", store).out())
          .containsPattern("open in +pid " + ProcessHandle.current().pid() + ", since ");
    }
    assertThat(done("stat", store).out()).contains("no other process");
  }

  @Test
  void aSoundStoreIsVerifiedAlsoWhileItIsOpen() {
    try (StoreRegistry other = StoreRegistry.create(cli.harness().time());
        KeyValueStore open = other.open("nadb:fs:" + store)) {
      open.set("k", "v".getBytes(UTF_8));
      open.flush();
      open.set("k", "w".getBytes(UTF_8));
      open.flush();
      assertThat(done("verify", store).out()).contains("up to sequence number 2");
    }
    assertThat(done("verify", store).out()).startsWith("sound: nadb:fs:" + store);
  }

  @Test
  void aFlippedBitOfAStoreIsFoundAndItsFileNamed() throws Exception {
    for (int i = 0; i < 20; i++) {
      done("set", store, "k" + i, "v".repeat(1000));
    }
    Path segment = segments(cli.path("data")).get(0);
    byte[] bytes = Files.readAllBytes(segment);
    bytes[bytes.length / 2] ^= 1;
    Files.write(segment, bytes);

    Outcome outcome = cli.run("verify", store);
    assertThat(outcome.exit()).isEqualTo(ExitCode.CORRUPT.code());
    assertThat(outcome.err()).contains(segment.getFileName().toString());
    assertThat(outcome.bytes()).isEmpty();
  }

  @Test
  void aBackupIsMadeListedVerifiedRestoredAndPruned() throws Exception {
    done("set", store, "k", "first");
    JsonNode first = json(done("backup", store, backups, "--json").out());
    done("set", store, "k", "second");
    cli.harness().time().advance(Duration.ofHours(25));
    done("backup", store, backups);

    assertThat(done("backups", backups, "--raw").out().lines()).hasSize(2);
    assertThat(done("verify", backups).out().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("sound: "));
    assertThat(done("verify", first.get("directory").asText()).out().lines()).hasSize(1);

    Outcome restored = done("restore", backups, cli.path("newest").toString());
    assertThat(restored.err()).contains("the newest of 2");
    assertThat(done("get", cli.path("newest").toString(), "k").out()).isEqualTo("second");
    done("restore", first.get("directory").asText(), cli.path("oldest").toString());
    assertThat(done("get", cli.path("oldest").toString(), "k").out()).isEqualTo("first");

    assertThat(cli.run("restore", backups, cli.path("oldest").toString()).exit())
        .as("over something that is there")
        .isEqualTo(ExitCode.FAILED.code());
    assertThat(done("prune", backups, "--last", "1").out())
        .contains("deleted " + first.get("directory").asText(), "1 deleted, 1 kept");
    assertThat(done("backups", backups, "--raw").out().lines()).hasSize(1);
  }

  @Test
  void whatIsOpenElsewhereIsBackedUpAsOfItsLastFlush() {
    try (StoreRegistry other = StoreRegistry.create(cli.harness().time());
        KeyValueStore open = other.open("nadb:fs:" + store + "?flush=off")) {
      open.set("k", "flushed".getBytes(UTF_8));
      open.flush();
      open.set("k", "buffered".getBytes(UTF_8));
      done("backup", store, backups);
    }
    done("restore", backups, cli.path("restored").toString());
    assertThat(done("get", cli.path("restored").toString(), "k").out()).isEqualTo("flushed");
  }

  @Test
  void aDamagedBackupIsNamedAndTheOthersAreVerified() throws Exception {
    done("set", store, "k", "v".repeat(5000));
    Path first = Path.of(done("backup", store, backups, "--raw").out().strip());
    done("backup", store, backups, "--full");
    Path segment = segments(first).get(0);
    byte[] bytes = Files.readAllBytes(segment);
    bytes[bytes.length - 100] ^= 1;
    Files.write(segment, bytes);

    Outcome outcome = cli.run("verify", backups);
    assertThat(outcome.exit()).isEqualTo(ExitCode.CORRUPT.code());
    assertThat(outcome.err()).contains(segment.toString());
    assertThat(outcome.out().lines()).hasSize(1);
    assertThat(cli.run("restore", first.toString(), cli.path("re").toString()).exit())
        .isEqualTo(ExitCode.CORRUPT.code());
    assertThat(cli.path("re")).doesNotExist();
  }

  @Test
  void whereThereIsNoBackupNoneIsRestored() throws Exception {
    Files.createDirectories(cli.path("empty"));

    assertThat(cli.run("restore", cli.path("empty").toString(), cli.path("re").toString()).exit())
        .isEqualTo(ExitCode.NOT_FOUND.code());
    assertThat(done("backups", cli.path("empty").toString()).out()).isEmpty();
    assertThat(cli.run("prune", backups).exit()).isEqualTo(ExitCode.USAGE.code());
    assertThat(cli.run("prune", backups, "--last", "0").exit()).isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void aStoreWithoutFilesHasNoBackup() {
    assertThat(cli.run("backup", "nadb:mem:x", backups).exit())
        .isEqualTo(ExitCode.UNSUPPORTED.code());
    assertThat(cli.run("verify", "nadb:mem:x").exit()).isEqualTo(ExitCode.UNSUPPORTED.code());
  }

  @Test
  void compactTellsWhatItHasGivenBack() throws Exception {
    for (int i = 0; i < 20; i++) {
      done("set", store, "k" + i % 15, "v".repeat(1000));
    }

    JsonNode json = json(done("compact", store, "--json").out());
    assertThat(json.get("bytesBefore").asLong()).isGreaterThan(20_000);
    assertThat(json.get("bytesAfter").asLong())
        .isLessThan(17_500)
        .isEqualTo(json(done("stat", store, "--json").out()).get("totalBytes").asLong());
    assertThat(json.get("rewritten").asInt()).isPositive();
    assertThat(json.get("heldByHistory").asLong()).isZero();
    assertThat(done("get", store, "k3").out()).isEqualTo("v".repeat(1000));
    assertThat(done("compact", store).out())
        .matches("[0-9.]+ kB in \\d files before, [0-9.]+ kB in \\d now; 0 rewritten in .+\n");
  }

  @Test
  void whatTheHistoryKeepsIsToldByCompact() {
    done("set", store, "k", "first");
    done("set", store, "k", "second");

    Outcome outcome = done("compact", store, "-o", "history=24h");
    assertThat(outcome.out()).contains("; 0 rewritten in ");
    assertThat(outcome.err()).contains("could not be given back, since the option 'history'");
    assertThat(done("log", store, "k").out()).contains("first");
  }

  @Test
  void whatCannotBeCompactedIsSaidWithItsReason() throws Exception {
    assertThat(cli.run("compact", store).exit()).isEqualTo(ExitCode.NOT_FOUND.code());
    assertThat(cli.path("data")).doesNotExist();
    assertThat(cli.run("compact", "nadb:mem:x").exit()).isEqualTo(ExitCode.UNSUPPORTED.code());
    done("set", store, "k", "v");
    Outcome readOnly = cli.run("compact", store, "-o", "access=read");
    assertThat(readOnly.exit()).isEqualTo(ExitCode.UNSUPPORTED.code());
    assertThat(readOnly.err()).contains("access=read");
    try (StoreRegistry other = StoreRegistry.create(cli.harness().time());
        KeyValueStore open = other.open("nadb:fs:" + store)) {
      Outcome locked = cli.run("compact", open.url());
      assertThat(locked.exit()).isEqualTo(ExitCode.LOCKED.code());
      assertThat(locked.err()).contains("pid " + ProcessHandle.current().pid());
    }
  }

  @Test
  void nobodyHasItOpenAndSoThereIsNoTop() {
    done("set", store, "k", "v");

    Outcome outcome = cli.run("top", store);
    assertThat(outcome.exit()).isEqualTo(ExitCode.NOT_FOUND.code());
    assertThat(outcome.err()).contains("no process of this machine has that store open");
    assertThat(cli.run("stat", store, "--live").exit()).isEqualTo(ExitCode.NOT_FOUND.code());
  }

  private static List<Path> segments(Path store) throws IOException {
    try (Stream<Path> files = Files.walk(store)) {
      return files.filter(file -> file.toString().endsWith(".seg")).sorted().toList();
    }
  }

  private static JsonNode json(String text) throws Exception {
    return new ObjectMapper().readTree(text);
  }
}

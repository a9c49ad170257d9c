package io.nadb.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.cli.CommandRunner.Outcome;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code get}, {@code set}, {@code del}, {@code ls}, {@code query} and {@code tags} do. */
class EntryCommandsTest {
  private final CommandRunner cli = new CommandRunner();
  private final String store = cli.path("data").toString();

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
  void whatIsSetIsGot() {
    done("set", store, "user:1", "Ada", "--tag", "web", "--tag", "admin");

    assertThat(done("get", store, "user:1").out()).isEqualTo("Ada");
    assertThat(done("get", "nadb:fs:" + store, "user:1").out()).isEqualTo("Ada");
    assertThat(done("get", "fs:" + store, "user:1").out()).isEqualTo("Ada");
  }

  @Test
  void whatIsSetInMemoryIsSaidToBeGone() {
    assertThat(done("set", "mem:x", "k", "v").err())
        .isEqualTo("nadb: what is in nadb:mem: is gone when this command ends\n");
    assertThat(done("set", store, "k", "v").err()).isEmpty();
  }

  @Test
  void everyByteOfAValueGoesInAndOutOfAPipe() {
    byte[] all = new byte[1 << 16];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) ((i * 31) >> 3);
    }
    cli.given(all);
    done("set", store, "bytes");

    assertThat(done("get", store, "bytes").bytes()).isEqualTo(all);
    cli.onTerminal(80);
    assertThat(done("get", store, "bytes", "--raw").bytes()).isEqualTo(all);
  }

  @Test
  void aTerminalGetsNoControlCharactersOfAValueAndOfAKey() {
    cli.given("\u001b[2Jx".getBytes(UTF_8));
    done("set", store, "a\u001b[31m");
    cli.onTerminal(80);

    assertThat(done("get", store, "a\u001b[31m").out()).startsWith("00000000  1b 5b 32 4a 78");
    assertThat(done("ls", store).out()).contains("a\\u001b[31m").doesNotContain("\u001b[31m");
    assertThat(cli.run("get", store, "no\u001b[31m").err()).doesNotContain("\u001b");
  }

  @Test
  void textEndsTheLineOnATerminalAndOnlyThere() {
    done("set", store, "k", "a\nb");
    assertThat(done("get", store, "k").out()).isEqualTo("a\nb");

    cli.onTerminal(80);
    assertThat(done("get", store, "k").out()).isEqualTo("a\nb\n");
  }

  @Test
  void aKeyThatIsNotThereIsNotFound() {
    done("set", store, "k", "v");
    Outcome outcome = cli.run("get", store, "other");

    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.bytes()).isEmpty();
    assertThat(outcome.err()).contains("there is no key other");
  }

  @Test
  void anEntryExpiresWhenItsTimeHasCome() {
    done("set", store, "otp", "4711", "--ttl", "5m");
    assertThat(done("ls", store).out()).contains("in 5 min");

    cli.harness().time().advance(Duration.ofMinutes(4).plusSeconds(56));
    assertThat(done("ls", store).out()).contains("in 4 s");
    cli.harness().time().advance(Duration.ofSeconds(4));

    assertThat(cli.run("get", store, "otp").exit()).isEqualTo(1);
  }

  @Test
  void conditionsHoldOrNothingIsWritten() {
    assertThat(cli.run("set", store, "k", "a", "--if-present").exit()).isEqualTo(1);
    done("set", store, "k", "a", "--if-absent");
    assertThat(cli.run("set", store, "k", "b", "--if-absent").exit()).isEqualTo(1);
    assertThat(done("get", store, "k").out()).isEqualTo("a");
    done("set", store, "k", "c", "--if-present");
    assertThat(done("get", store, "k").out()).isEqualTo("c");
  }

  @Test
  void tagsAndTtlAreKeptIfAsked() throws Exception {
    done("set", store, "k", "a", "--tag", "red", "--ttl", "1h");
    done("set", store, "k", "b", "--keep-tags", "--keep-ttl");

    JsonNode entry = json(done("get", store, "k", "--json").out());
    assertThat(entry.get("value").asText()).isEqualTo("b");
    assertThat(entry.get("tags").toString()).isEqualTo("[\"red\"]");
    assertThat(entry.get("expiresAt").asText())
        .isEqualTo(cli.harness().time().start().plus(Duration.ofHours(1)).toString());

    done("set", store, "k", "c");
    assertThat(json(done("get", store, "k", "--json").out()).get("tags")).isEmpty();
  }

  @Test
  void aFileBecomesAValue() throws Exception {
    byte[] bytes = {0, 1, 2, -1};
    Files.write(cli.path("file"), bytes);
    done("set", store, "k", "--file", cli.path("file").toString());

    assertThat(done("get", store, "k").bytes()).isEqualTo(bytes);
    assertThat(json(done("get", store, "k", "--json").out()).get("valueBase64").asText())
        .isEqualTo("AAEC/w==");
    assertThat(cli.run("set", store, "k", "--file", cli.path("none").toString()).exit())
        .isEqualTo(ExitCode.FAILED.code());
  }

  @Test
  void deletedAreThoseThatAreThere() {
    done("set", store, "a", "1");
    done("set", store, "b", "1");
    Outcome outcome = cli.run("del", store, "a", "x", "b");

    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.out()).isEqualTo("2 deleted, 1 not there\n");
    assertThat(done("ls", store, "--raw").out()).isEmpty();
  }

  @Test
  void aListIsInOrderAndKnowsPrefixAndLimit() {
    for (String key : new String[] {"b:2", "a:1", "b:1", "c"}) {
      done("set", store, key, "v");
    }

    assertThat(done("ls", store, "--raw").out()).isEqualTo("a:1\nb:1\nb:2\nc\n");
    assertThat(done("ls", store, "b:", "--raw").out()).isEqualTo("b:1\nb:2\n");
    assertThat(done("ls", store, "--raw", "--limit", "2").out()).isEqualTo("a:1\nb:1\n");
  }

  @Test
  void aQueryNarrowsByTagsSizesAndTimes() {
    done("set", store, "a", "1", "--tag", "red");
    cli.harness().time().advance(Duration.ofHours(2));
    done("set", store, "b", "x".repeat(2000), "--tag", "red", "--tag", "big");
    done("set", store, "c", "1", "--ttl", "10m");

    assertThat(keys("-t", "red")).isEqualTo("a b");
    assertThat(keys("-t", "red", "--none", "big")).isEqualTo("a");
    assertThat(keys("--any", "big,green")).isEqualTo("b");
    assertThat(keys("--min-size", "1kb")).isEqualTo("b");
    assertThat(keys("--max-size", "1kb")).isEqualTo("a c");
    assertThat(keys("--updated-since", "1h")).isEqualTo("b c");
    assertThat(keys("--updated-before", "1h")).isEqualTo("a");
    assertThat(keys("--expiring-before", "11m")).isEqualTo("c");
    assertThat(keys("--expiring-before", "9m")).isEmpty();
    assertThat(keys("--order", "size", "--reverse")).startsWith("b");
    assertThat(keys("--from", "b", "--to", "c")).isEqualTo("b");
    assertThat(done("query", store, "-t", "red", "--count").out()).isEqualTo("2\n");
  }

  private String keys(String... filter) {
    String[] arguments = new String[filter.length + 3];
    System.arraycopy(filter, 0, arguments, 3, filter.length);
    arguments[0] = "query";
    arguments[1] = store;
    arguments[2] = "--raw";
    return String.join(" ", Arrays.asList(done(arguments).out().split("\n", -1))).strip();
  }

  @Test
  void pagesGoOnWhereTheOneBeforeHasEnded() {
    for (int i = 0; i < 5; i++) {
      done("set", store, "k" + i, "v" + i);
    }
    Outcome first = done("query", store, "--limit", "3", "--raw");
    assertThat(first.out()).isEqualTo("k0\nk1\nk2\n");
    String cursor = first.err().replaceAll("(?s).*--after (\\S+).*", "$1");

    Outcome second = done("query", store, "--limit", "3", "--raw", "--after", cursor);
    assertThat(second.out()).isEqualTo("k3\nk4\n");
    assertThat(second.err()).isEmpty();
  }

  @Test
  void aQueryWithValuesShowsThemInATableAndInJson() throws Exception {
    done("set", store, "k", "first\nsecond");

    assertThat(done("query", store, "--values").out()).contains("first\\u000asecond");
    assertThat(json(done("query", store, "-v", "--json").out()).get("value").asText())
        .isEqualTo("first\nsecond");
  }

  @Test
  void tagsAreCounted() {
    done("set", store, "a", "1", "--tag", "red", "--tag", "big");
    done("set", store, "b", "1", "--tag", "red");

    assertThat(done("tags", store).out()).isEqualTo("TAG  ENTRIES\nbig        1\nred        2\n");
    assertThat(done("tags", store, "--json").out()).isEqualTo("{\"big\":1,\"red\":2}\n");
    assertThat(done("tags", store, "--raw").out()).isEqualTo("big\nred\n");
  }

  @Test
  void explainTellsWhichListWasUsed() {
    done("set", store, "a", "1", "--tag", "red");

    assertThat(done("explain", store, "-t", "red").out()).contains("tag 'red'");
    assertThat(done("explain", store, "-t", "red", "--json").out()).contains("\"hits\":1");
  }

  @Test
  void namespacesAndOptionsAreAddedToTheUrl() {
    done("set", store, "k", "here", "-n", "a");
    done("set", store, "k", "there", "-o", "namespace=b", "-o", "db=other");

    assertThat(done("get", store, "k", "-n", "a").out()).isEqualTo("here");
    assertThat(done("get", "nadb:fs:" + store + "?db=other&namespace=b", "k").out())
        .isEqualTo("there");
    assertThat(cli.run("get", store, "k").exit()).isEqualTo(1);
  }

  @Test
  void aTableFitsATerminalAndIsWholeInAPipe() {
    String key = "k".repeat(120) + "end";
    done("set", store, key, "v", "--tag", "a-tag-of-some-length");
    assertThat(done("ls", store).out()).contains(key);

    for (int columns : new int[] {80, 200}) {
      cli.onTerminal(columns);
      assertThat(done("ls", store).out().replaceAll("\u001b\\[[0-9]*m", "").lines())
          .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
    }
    assertThat(done("ls", store).out()).contains(key);
  }

  @Test
  void aReaderChangesNothingAndReadsWhatAnotherProcessHasOpen() {
    try (StoreRegistry other = StoreRegistry.create(cli.harness().time());
        KeyValueStore open = other.open("nadb:fs:" + store)) {
      open.set("k", "v".getBytes(UTF_8));
      open.flush();

      assertThat(done("get", store, "k").out()).isEqualTo("v");
      Outcome outcome = cli.run("set", store, "k", "w");
      assertThat(outcome.exit()).isEqualTo(ExitCode.LOCKED.code());
      assertThat(outcome.err()).contains("pid ");
      assertThat(done("get", store, "k").out()).isEqualTo("v");
    }
  }

  @Test
  void aReaderMakesNoStore() {
    Outcome outcome = cli.run("get", store, "k");

    assertThat(outcome.exit()).isEqualTo(ExitCode.FAILED.code());
    assertThat(outcome.err()).contains(store);
    assertThat(cli.path("data")).doesNotExist();
  }

  @Test
  void whatIsNotUnderstoodIsSaidBriefly() {
    for (String[] wrong :
        new String[][] {
          {"get"},
          {"gte", store},
          {"get", store},
          {"get", store, "k", "--nonsense"},
          {"get", store, "k", "--raw", "--json"},
          {"get", "nadb:fs:" + store + "?nonsense=1", "k"},
          {"set", store, "k", "v", "--ttl", "5"},
          {"set", store, "k", "v", "--ttl", "5m", "--keep-ttl"},
          {"set", store, "k", "v", "--file", "x"},
          {"query", store, "--updated-since", "yesterday"},
          {"query", store, "--min-size", "big"},
          {"query", store, "--limit", "-1"},
        }) {
      done("set", store, "k", "v");
      Outcome outcome = cli.run(wrong);
      assertThat(outcome.exit()).as(String.join(" ", wrong)).isEqualTo(ExitCode.USAGE.code());
      assertThat(outcome.err()).startsWith("nadb: ").endsWith("\n");
      assertThat(outcome.err().lines()).hasSizeLessThanOrEqualTo(4);
      assertThat(outcome.bytes()).isEmpty();
    }
  }

  @Test
  void whatWasMeantAsASizeOrATimeIsShownAsItWasTyped() {
    done("set", store, "k", "v");
    for (String[] wrong :
        new String[][] {
          {"query", store, "--min-size", "5zb"},
          {"query", store, "--max-size", "5zb"},
          {"query", store, "--updated-since", "5zb"},
          {"query", store, "--created-before", "2026-13-01"},
          {"set", store, "k", "v", "--ttl", "5zb"},
          {"watch", store, "--every", "5zb"},
        }) {
      String typed = wrong[wrong.length - 1];
      assertThat(cli.run(wrong).err()).startsWith("nadb: '" + typed + "': ").hasLineCount(1);
    }
  }

  @Test
  void aPasswordIsInNoMessage() {
    Outcome outcome = cli.run("get", "nadb:redis://app:hunter2@localhost:1?timeout=100ms", "k");

    assertThat(outcome.exit()).isEqualTo(ExitCode.CONNECTION.code());
    assertThat(outcome.err()).doesNotContain("hunter2").contains("localhost");
  }

  @Test
  void helpListsAllCommandsAndExitCodes() {
    String help = done("--help").out();

    assertThat(Commands.byName().keySet()).allSatisfy(name -> assertThat(help).contains(name));
    for (ExitCode each : ExitCode.values()) {
      assertThat(help).containsPattern("(?m)^ +" + each.code() + "  ");
    }
    for (String command : Commands.byName().keySet()) {
      assertThat(done(command, "--help").out()).startsWith("Usage: nadb " + command);
    }
  }

  private static JsonNode json(String text) throws Exception {
    return new ObjectMapper().readTree(text);
  }
}

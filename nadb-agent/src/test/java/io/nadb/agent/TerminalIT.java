package io.nadb.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.agent.TerminalCommand.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the agent's jar, beside a JVM without the agent, and one with it. */
class TerminalIT {
  private static final String OPEN =
      "open a nadb:fs:data?name=shop&flush=200ms&buffer=64kb&metadata=none";

  @TempDir private Path directory;
  private Path errors;

  @BeforeEach
  void prepare() {
    errors = directory.resolve("errors.txt");
  }

  private static Outcome run(String... arguments) throws Exception {
    return TerminalCommand.run(arguments);
  }

  private WatchedJvm watched(String... options) throws IOException {
    return WatchedJvm.start(directory.resolve("application"), options);
  }

  @Test
  void aJvmWithoutAgentIsListedAndShownAndNoticesNothing() throws Exception {
    try (WatchedJvm jvm = watched()) {
      String pid = Long.toString(jvm.pid());
      jvm.say(OPEN);
      jvm.say("set a 10 1000");

      Outcome list = run("list");
      assertThat(list.exit()).isZero();
      assertThat(list.out().lines())
          .anyMatch(line -> line.startsWith(pid) && line.contains("Application"));

      Outcome top = run("top", pid, "--frames", "1");
      assertThat(top.exit()).as(top.err()).isZero();
      assertThat(top.out()).contains("STORE", "BUFFER", "shop").contains("INTERVAL");

      Outcome json = run("export", pid, "--json");
      assertThat(json.exit()).as(json.err()).isZero();
      assertThat(json.out())
          .contains(
              "\"name\":\"shop\"",
              "\"flushedKeys\":10",
              "\"state\":\"HEALTHY\"",
              "\"garbageBytes\":")
          .doesNotContain("startTime", "\"duration\"");
      assertThat(jvm.end()).as("what the application wrote to its standard error").isEmpty();
    }
  }

  @Test
  void twoStoresOfOneNameAreTwoRowsWithoutAgent() throws Exception {
    try (WatchedJvm jvm = watched()) {
      jvm.say(OPEN);
      jvm.say("open b nadb:fs:other?name=shop&flush=200ms&metadata=none");
      jvm.say("set a 3 10");
      jvm.say("set b 5 10");

      Outcome top = run("top", Long.toString(jvm.pid()), "--frames", "3");
      assertThat(top.out()).as(top.err()).contains("  shop ", "  shop#2 ");
    }
  }

  @Test
  void twoApplicationsStoresOfOneNameAndUrlAreTwoRowsWithoutAgent() throws Exception {
    try (WatchedJvm jvm = watched()) {
      assertThat(jvm.say("apart nadb:mem:carts?name=shop&flush=200ms")).isEqualTo("ok");
      assertThat(jvm.say("apart nadb:mem:carts?name=shop&flush=200ms")).isEqualTo("ok");

      Outcome top = run("top", Long.toString(jvm.pid()), "--frames", "3");
      assertThat(top.out()).as(top.err()).contains("  shop ", "  shop#2 ");

      Outcome json = run("export", Long.toString(jvm.pid()), "--json");
      assertThat(json.out())
          .as("of stores that were never flushed; " + json.err())
          .contains("flushCount")
          .doesNotContain("lastFlushTime");
    }
  }

  @Test
  void flushesAreSeenAsTheyHappenWithoutAgent() throws Exception {
    try (WatchedJvm jvm = watched()) {
      jvm.say(OPEN);
      Process watch =
          TerminalCommand.start(errors, "watch", Long.toString(jvm.pid()), "--count", "3");
      try (BufferedReader lines = watch.inputReader(StandardCharsets.UTF_8)) {
        int seen = 0;
        while (seen < 3) { // Until the recording is on, nobody sees them.
          jvm.say("set a 7 10");
          jvm.say("flush a");
          if (lines.ready()) {
            assertThat(lines.readLine()).contains("FLUSH", "shop", "keys");
            seen++;
          }
        }
      }
      assertThat(watch.waitFor()).isZero();
    }
  }

  @Test
  void withTheAgentPercentilesReachBackAndAStoreCanBeFlushed() throws Exception {
    try (WatchedJvm jvm = watched()) {
      String pid = Long.toString(jvm.pid());
      jvm.say("open a nadb:fs:data?name=shop&flush=off&metadata=none");
      jvm.say("set a 5 10");
      Outcome refused = run("flush", pid, "shop");
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err()).contains("nadb attach " + pid + " jmx=rw");

      Outcome attach = run("attach", pid, "jmx=rw");
      assertThat(attach.exit()).as(attach.err()).isZero();
      assertThat(attach.err().contains("JEP 451")).isEqualTo(Runtime.version().feature() >= 21);

      Outcome flush = run("flush", pid, "shop");
      assertThat(flush.out().strip()).as(flush.err()).isEqualTo("shop: flushed 5 keys");
      Outcome unknown = run("flush", pid, "shup");
      assertThat(unknown.exit()).isEqualTo(1);
      assertThat(unknown.err()).contains("has no store shup; it has shop");

      Outcome prometheus = run("export", pid, "--prometheus");
      assertThat(prometheus.out())
          .contains("# TYPE nadb_store_flush_count_total counter")
          .contains("nadb_store_flush_count_total{store=\"shop\"} 1\n")
          .contains("nadb_store_flush_duration_seconds_count{store=\"shop\"} 1\n");

      Path svg = directory.resolve("top.svg");
      assertThat(run("export", pid, "--svg", svg.toString()).exit()).isZero();
      assertThat(
              DocumentBuilderFactory.newInstance()
                  .newDocumentBuilder()
                  .parse(svg.toFile())
                  .getDocumentElement()
                  .getTextContent())
          .contains("nadb top", "shop");
    }
  }

  @Test
  void aUrlIsExplainedAndAWrongOneToo() throws Exception {
    Outcome explained = run("explain", "nadb:fs:./data?flush=1s&buffer=2mb");
    assertThat(explained.exit()).as(explained.err()).isZero();
    assertThat(explained.out().lines())
        .anyMatch(line -> line.matches("flush +1s +5s +How often.*"))
        .anyMatch(line -> line.matches("sweep +60s +60s +.*"));

    Outcome wrong = run("explain", "nadb:fs:./data?flsh=1s");
    assertThat(wrong.exit()).isEqualTo(1);
    assertThat(wrong.err()).contains("Did you mean 'flush'?");
  }

  @Test
  void whatCannotBeDoneIsSaidAndIsAFailure() throws Exception {
    Outcome nobody = run("top", "999999999");
    assertThat(nobody.exit()).isEqualTo(1);
    assertThat(nobody.err()).startsWith("can't attach to 999999999").doesNotContain("\tat ");

    Outcome nothing = run("export", "1");
    assertThat(nothing.exit()).isEqualTo(2);
    assertThat(nothing.err()).contains("--json");

    assertThat(run().exit()).isEqualTo(2);
    assertThat(run("--version").out()).startsWith("nadb ");
  }

  @Test
  void aJvmWithoutAStoreIsNotWaitedFor() throws Exception {
    try (WatchedJvm jvm = watched()) {
      Outcome export = run("export", Long.toString(jvm.pid()), "--json");
      assertThat(export.exit()).isEqualTo(1);
      assertThat(export.err()).contains("has no store open");
    }
  }
}

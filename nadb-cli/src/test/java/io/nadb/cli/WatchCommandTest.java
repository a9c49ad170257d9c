package io.nadb.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.cli.CommandRunner.Outcome;
import io.nadb.feed.ChangeFeed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code watch} shows of what has changed since a bookmark. */
class WatchCommandTest {
  private final CommandRunner cli = new CommandRunner();
  private final String store = "nadb:fs:" + cli.path("data");

  @AfterEach
  void close() {
    cli.close();
  }

  private Outcome done(String... arguments) {
    Outcome outcome = cli.run(arguments);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    return outcome;
  }

  /** Writes; returns the bookmark of before that. */
  private String write() {
    try (KeyValueStore open = cli.harness().registry().open(store)) {
      open.set("before", "0".getBytes(UTF_8));
      open.flush();
      String bookmark = ChangeFeed.bookmark(open);
      open.set("k", "first".getBytes(UTF_8), SetOptions.tags("t"));
      open.flush();
      open.delete("before");
      try (KeyValueStore other = open.namespace("other")) {
        other.set("elsewhere", "1".getBytes(UTF_8));
      }
      open.flush();
      return bookmark;
    }
  }

  @Test
  void whatHasChangedSinceABookmarkIsShownLineByLine() {
    String bookmark = write();

    Outcome outcome = done("watch", store, "--since", bookmark, "--limit", "2");

    assertThat(outcome.out().lines())
        .satisfiesExactly(
            set -> assertThat(set).contains("set ", "k", "[t]", "first"),
            deleted -> assertThat(deleted).contains("deleted", "before"));
    assertThat(outcome.err()).contains("--since ");
    assertThat(
            done("watch", store, "--since", bookmark, "--limit", "3", "--all-namespaces", "--raw")
                .out()
                .lines())
        .containsExactlyInAnyOrder("k", "before", "elsewhere");
  }

  @Test
  void theBookmarkOfAChangeLeadsToTheNext() {
    String bookmark = write();

    String first = done("watch", store, "--since", bookmark, "--limit", "1", "--json").out();
    assertThat(first).contains("\"kind\":\"set", "\"value\":\"first\"", "\"namespace\":");
    String next = first.replaceAll("(?s).*\"bookmark\":\"([^\"]*)\".*", "$1");

    assertThat(done("watch", store, "--since", next, "--limit", "1", "--json").out().lines())
        .singleElement()
        .asString()
        .contains("\"key\":\"before\"", "\"entry\":null");
  }

  @Test
  void whatIsNoBookmarkAndWhatHasNoFeedIsSaid() {
    String bookmark = write();

    assertThat(cli.run("watch", store, "--since", "yesterday").exit())
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(cli.run("watch", store, "--since", bookmark, "--limit", "0").exit())
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(cli.run("watch", store, "--since", bookmark, "--every", "soon").exit())
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(cli.run("watch", "nadb:mem:x").exit()).isEqualTo(ExitCode.UNSUPPORTED.code());
  }
}

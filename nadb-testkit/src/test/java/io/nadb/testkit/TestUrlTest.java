package io.nadb.testkit;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.NadbUrlException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A URL leads from an application to the harness of the test. */
class TestUrlTest {
  private final NadbHarness harness = NadbHarness.create();

  private boolean leaks;

  @AfterEach
  void close() {
    if (leaks) {
      assertThatThrownBy(harness::close).isInstanceOf(AssertionError.class);
    } else {
      harness.close();
    }
  }

  @Test
  void theApplicationsStoreRunsOnTheHarness() {
    String url = harness.testUrl("nadb:fs:./data?flush=5s&namespace=shop");
    try (KeyValueStore store = NadbDriverManager.open(url, Map.of("buffer", "2kb"))) {
      store.set("k", new byte[10]);
      assertThat(store).buffers("k");
      assertThat(store.stats().bufferLimitBytes()).isEqualTo(2048);
      harness.time().advance(ofSeconds(5));

      assertThat(store).hasPersisted("k");
      assertThat(harness.directory().resolve("data/main/log")).isDirectory();
    }
  }

  @Test
  void aPlainTestUrlMeansTheOnlyHarnessThatRuns() {
    try (KeyValueStore store = NadbDriverManager.open("nadb:test:mem:x?flush=5s")) {
      store.set("k", new byte[10]);
      harness.time().advance(ofSeconds(5));
      assertThat(store).hasPersisted("k");
    }
    harness.fresh();
    assertThatThrownBy(() -> NadbDriverManager.open("nadb:test:mem:x"))
        .isInstanceOf(NadbUrlException.class)
        .hasMessageContaining("2 harnesses are running; configure the application with what");
  }

  @Test
  void withoutAHarnessTheUrlSaysWhatIsMissing() {
    String url = harness.testUrl("nadb:mem:x");
    harness.close();
    assertThatThrownBy(() -> NadbDriverManager.open("nadb:test:mem:x"))
        .isInstanceOf(NadbUrlException.class)
        .hasMessageContaining("no NadbHarness is running");
    assertThatThrownBy(() -> NadbDriverManager.open(url))
        .isInstanceOf(NadbUrlException.class)
        .hasMessageContaining("has been closed");
  }

  @Test
  void aHarnessWithANameIsMeantByThatAlone() {
    HarnessSettings app = HarnessSettings.DEFAULT.withName("app");
    try (NadbHarness named = NadbHarness.create(app.withUrl("nadb:mem:"));
        KeyValueStore its = NadbDriverManager.open("nadb:test:app:fs:./data?flush=5s");
        KeyValueStore mine = NadbDriverManager.open("nadb:test:fs:./data?flush=5s")) {
      assertThat(named.name()).isEqualTo("app");
      assertThat(named.testUrl("nadb:fs:./data")).isEqualTo("nadb:test:app:fs:./data");
      assertThat(NadbHarness.running("app")).containsSame(named);
      its.set("k", new byte[10]);
      mine.set("k", new byte[10]);
      named.time().advance(ofSeconds(5));
      assertThat(its).hasPersisted("k");
      assertThat(mine).buffers("k");
      assertThatThrownBy(() -> NadbHarness.create(app))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a harness named [app] is running already");
      assertThat(named.fresh().name()).matches("h\\d+");
    }
    assertThat(NadbHarness.running("app")).isEmpty();
    assertThatThrownBy(() -> NadbDriverManager.open("nadb:test:app:fs:./data"))
        .isInstanceOf(NadbUrlException.class)
        .hasMessageContaining("no harness named app is running; begin with NadbHarness.create(");
  }

  @Test
  void aNameThatCouldMeanSomethingElseIsRefused() {
    for (String name : List.of("h7", "", "a b", "7", "x:y")) {
      assertThatThrownBy(() -> HarnessSettings.DEFAULT.withName(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[" + name + "] can't name a harness; write a letter");
    }
    assertThatThrownBy(() -> NadbHarness.create(HarnessSettings.DEFAULT.withName("fs")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("it is the scheme of a driver");
  }

  @Test
  void whatTheDriverRefusesAsAPathIsRefusedHereToo() {
    for (String path : List.of("~/x", "$HOME/x", "file:///x")) {
      assertThatThrownBy(() -> harness.open("nadb:fs:" + path))
          .isInstanceOf(NadbUrlException.class)
          .hasMessageContaining("nadb:fs:./" + path + " if a directory of that name is meant");
    }
  }

  @Test
  void optionsAreCheckedByTheDriverBehind() {
    assertThatThrownBy(() -> NadbDriverManager.open("nadb:test:mem:x?flsh=5s"))
        .hasMessageContaining("Did you mean 'flush'?");
    assertThatThrownBy(() -> NadbDriverManager.open("nadb:test:mem:x?segment=1mb"))
        .hasMessageContaining("segment");
    assertThatThrownBy(() -> harness.testUrl("jdbc:x"))
        .hasMessage("jdbc:x is no NADB URL; it must begin with nadb:");
  }

  @Test
  void anApplicationThatIsStartedAgainFindsWhatSurvivedTheCrash() {
    String url = harness.testUrl("nadb:fs:data?flush=off");
    KeyValueStore first = NadbDriverManager.open(url);
    first.set("kept", new byte[10]);
    first.flush();
    first.set("lost", new byte[10]);
    assertThat(harness.crash(Crash.POWER_CUT)).lostExactly("lost");
    assertThatThrownBy(() -> first.get("kept")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> NadbDriverManager.open(url)).hasMessageContaining("reopen()");
    harness.restart();

    try (KeyValueStore second = NadbDriverManager.open(url)) {
      assertThat(second).containsOnlyKeys("kept");
    }
  }

  @Test
  void aStoreThatTheApplicationForgetsIsALeak() {
    KeyValueStore store = NadbDriverManager.open(harness.testUrl("nadb:mem:forgotten"));
    assertThat(harness.check())
        .singleElement()
        .asString()
        .contains("leaked handle", "such as a cached application context, give that a harness");
    assertThat(store).isClosed();
    leaks = true;
  }
}

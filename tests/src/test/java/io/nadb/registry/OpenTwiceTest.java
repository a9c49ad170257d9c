package io.nadb.registry;

import static io.nadb.testing.Bytes.text;
import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.StoreState;
import io.nadb.testing.Faults;
import io.nadb.testing.FaultyDriver;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A location that is opened twice in one registry is one store with two handles. */
class OpenTwiceTest {
  private final StoreRegistry registry = StoreRegistry.create(new VirtualTime());
  @TempDir private Path directory;

  @AfterEach
  void close() {
    registry.close();
  }

  private String url() {
    return "nadb:fs:" + directory.resolve("data");
  }

  @Test
  void bothHandlesSeeEachOthersWrites() {
    KeyValueStore one = registry.open(url());
    KeyValueStore two = registry.open(url());
    one.set("a", utf8("from one"));
    two.set("b", utf8("from two"));

    assertThat(text(two, "a")).contains("from one");
    assertThat(text(one, "b")).contains("from two");
    assertThat(two.stats().sequence()).isEqualTo(2);
    assertThat(registry.status().stores()).hasSize(1);
  }

  @Test
  void theLastHandleEndsTheStoreAndTheThread() {
    KeyValueStore one = registry.open(url());
    KeyValueStore two = registry.open(url());
    one.set("k", utf8("v"));
    one.close();
    one.close();
    assertThat(registry.status().running()).isTrue();
    assertThat(text(two, "k")).contains("v");
    assertThat(two.stats().state()).isEqualTo(StoreState.HEALTHY);

    two.close();
    assertThat(registry.status().running()).isFalse();
    assertThat(registry.status().stores()).isEmpty();
    assertThat(two.stats().state()).isEqualTo(StoreState.CLOSED);
    try (KeyValueStore again = registry.open(url())) {
      assertThat(text(again, "k")).contains("v");
      assertThat(registry.status().running()).isTrue();
    }
  }

  @Test
  void otherSettingsAreRefusedAndTheDifferenceIsShown() throws Exception {
    KeyValueStore open = registry.open(url() + "?flush=5s&name=first");
    Path place = directory.toRealPath().resolve("data/main");

    assertThatThrownBy(() -> registry.open(url() + "?buffer=2mb&Flush=off"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            fs:%s is already open with other settings:
              buffer: open with 1mb, asked for 2mb
              flush: open with 5s, asked for off
              name: open with first, asked for not set
            open:  %s?flush=5s&name=first
            asked: %s?buffer=2mb&Flush=off
            Use the same settings, or close the store first.""",
            place, url(), url());
    open.set("k", utf8("v"));
    open.close();
    registry.open(url() + "?buffer=2mb&flush=off").close();
  }

  @ParameterizedTest
  @CsvSource({
    "nadb:table:t?token=hunter2, nadb:table:t?token=hunter3",
    "nadb:table:t?token=hunter2, nadb:table:t",
    "nadb:table:t, nadb:table:t?token=hunter3",
    "nadb:table://ada:hunter2@h/t, nadb:table://ada:hunter3@h/t",
    "nadb:table://ada:hunter2@h/t, nadb:table://bob:hunter2@h/t",
    "nadb:table://ada:hunter2@h/t, nadb:table://h/t",
    "nadb:table://h/t, nadb:table://ada@h/t",
    "nadb:table://ab:c@h/t, nadb:table://a:bc@h/t"
  })
  void whoeverHasOtherCredentialsIsRefusedWithoutAPasswordBeingShown(String first, String second) {
    KeyValueStore open = registry.open(first);
    open.set("k", utf8("v"));
    registry.open(first).close();

    assertThatThrownBy(() -> registry.open(second))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("credentials: not those it was opened with")
        .hasMessageNotContainingAny("hunter", ":c@", ":bc@");
    open.close();
    assertThat(registry.open(second).contains("k")).isFalse();
  }

  @Test
  void settingsThatAreWrittenOtherwiseAreTheSame() {
    registry.open(url() + "?buffer=1mb&flush=1m&write-timeout=30s");
    registry.open(url() + "?Buffer=1_024KB&flush=60s");
    registry.open(url(), Map.of("BUFFER", "1024kb", "flush", "60000ms", "writeTimeout", "30s"));

    assertThat(registry.status().stores()).hasSize(1);
  }

  @Test
  void namespacesShareTheStore() {
    KeyValueStore one = registry.open(url() + "?namespace=one");
    KeyValueStore two = registry.open(url() + "?namespace=two");
    one.set("k", utf8("1"));
    two.set("k", utf8("2"));
    one.close();

    assertThat(two.stats().bufferedKeys()).isEqualTo(2);
    assertThat(text(two, "k")).contains("2");
    assertThat(text(registry.open(url() + "?namespace=one"), "k")).contains("1");
  }

  @Test
  void databasesDoNotShare() {
    KeyValueStore one = registry.open(url() + "?db=one");
    KeyValueStore two = registry.open(url() + "?db=two&flush=off");
    one.set("k", utf8("1"));

    assertThat(two.contains("k")).isFalse();
    assertThat(registry.status().stores()).containsExactly("fs-data-one", "fs-data-two");
  }

  @Test
  void aPathWrittenOtherwiseIsTheSameLocation() throws Exception {
    KeyValueStore store = registry.open(url());
    store.set("k", utf8("v"));
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("data"));
    List<String> paths =
        List.of(
            directory + "/link",
            directory + "/./data/",
            directory + "//data",
            directory + "/data/main/..",
            directory + "/d%61ta",
            Path.of("").toAbsolutePath().relativize(directory.resolve("data")).toString());

    for (String path : paths) {
      assertThat(text(registry.open("nadb:fs:" + path), "k")).as(path).contains("v");
    }
    assertThat(registry.status().stores()).hasSize(1);
  }

  @Test
  void aRelativePathBelongsToTheWorkingDirectory() {
    // Nothing is opened, so that nothing is left behind in the working directory.
    assertThat(registry.describe("nadb:fs:./data")).isNotEmpty();
    assertThat(Files.exists(Path.of("data"))).isFalse();
  }

  @Test
  void anOpeningThatTakesLongKeepsNobodyWaiting() throws Exception {
    Faults faults = FaultyDriver.install(registry, "table");
    faults.block();
    KeyValueStore slow = registry.open("nadb:table:slow");
    slow.set("k", utf8("v"));
    FutureTask<Boolean> closing = new FutureTask<>(slow::close, true);
    Thread thread = new Thread(closing);
    thread.start();
    faults.awaitBlocked();

    try (KeyValueStore other = registry.open("nadb:mem:other")) {
      other.set("k", utf8("v"));
      other.flush();
    }
    assertThat(closing).isNotDone();
    faults.release();
    assertThat(closing.get()).isTrue();
  }

  @Test
  void manyThreadsOpenAndCloseTheSameLocation() throws Exception {
    List<FutureTask<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String key = "k" + i;
      tasks.add(
          new FutureTask<>(
              () -> {
                for (int round = 0; round < 25; round++) {
                  try (KeyValueStore store = registry.open(url())) {
                    store.set(key, utf8("" + round));
                    assertThat(text(store, key)).contains("" + round);
                  }
                }
                return true;
              }));
    }
    tasks.forEach(task -> new Thread(task).start());
    for (FutureTask<Boolean> task : tasks) {
      assertThat(task.get()).isTrue();
    }
    assertThat(registry.status().running()).isFalse();
    try (KeyValueStore store = registry.open(url())) {
      assertThat(store.keys("")).containsExactly("k0", "k1", "k2", "k3");
      assertThat(text(store, "k3")).contains("24");
    }
  }
}

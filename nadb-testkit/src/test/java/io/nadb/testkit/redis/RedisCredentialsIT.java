package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody in a JVM reads what another has opened, unless he could open it himself. */
class RedisCredentialsIT {
  private static final RedisServer SERVER = RedisServer.builder().password("right").start();

  private final StoreRegistry registry = StoreRegistry.create(TimeSource.system());

  @TempDir private Path directory;

  @BeforeAll
  static void addUser() {
    SERVER.command("ACL", "SETUSER", "ada", "on", ">lovelace", "~*", "+@all");
  }

  @BeforeEach
  void empty() {
    SERVER.command("FLUSHALL");
  }

  @AfterEach
  void close() {
    registry.close();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private static String url(String who, String options) {
    return "nadb:redis://" + who + "127.0.0.1:" + SERVER.port() + options;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?buffer=1mb"})
  void aWrongPasswordOrAnotherUserDoesNotGetTheStoreThatIsOpen(String options) {
    KeyValueStore store = registry.open(url(":right@", options));
    store.set("k", "v".getBytes(UTF_8));

    for (String who : List.of(":wrong@", "", "ada:lovelace@", "ada:right@", "eve@")) {
      assertThatThrownBy(() -> registry.open(url(who, options)))
          .as(who)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("credentials: not those it was opened with")
          .hasMessageNotContainingAny("right", "wrong", "lovelace");
    }
    assertThat(store.stats().sets()).isEqualTo(1);
    store.close();
    assertThatThrownBy(() -> registry.open(url(":wrong@", options)))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("refuses the user or the password");
    assertThat(registry.open(url("ada:lovelace@", options)).get("k")).isPresent();
  }

  @Test
  void whoeverHasTheSameCredentialsSharesTheStoreHoweverTheyAreWritten() {
    KeyValueStore store = registry.open(url(":right@", ""));
    store.set("k", "v".getBytes(UTF_8));

    assertThat(registry.open(url("default:right@", "?namespace=other")).get("k")).isEmpty();
    assertThat(registry.open(url(":%72ight@", "")).get("k")).isPresent();
    assertThat(registry.status().stores()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&buffer=1mb&flush=off", "&near=1mb"})
  void aPasswordFileIsReadAgainWhenThePasswordIsRefused(String options) throws Exception {
    SERVER.command("ACL", "SETUSER", "bob", "on", "resetpass", ">first", "~*", "&*", "+@all");
    Path file = Files.writeString(directory.resolve("password"), "first\n");
    KeyValueStore store = registry.open(url("bob@", "?sweep=off&password-file=" + file + options));
    store.set("k", "v".getBytes(UTF_8));
    store.flush();
    SERVER.command("ACL", "SETUSER", "bob", "resetpass", ">second");
    SERVER.command("CLIENT", "KILL", "USER", "bob");
    Files.delete(file);

    assertThatThrownBy(() -> store.get("other"))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("refuses the user or the password")
        .hasMessageNotContaining("first");
    Files.writeString(file, "second\n");
    store.set("k", "w".getBytes(UTF_8));
    store.flush();
    assertThat(SERVER.command("HGET", "nadb:{main:default}:e:k", "v")).isEqualTo("w");
    while (store.stats().nearFailure().isPresent()) { // It connects anew by itself.
      assertThat(store.get("k")).contains("w".getBytes(UTF_8));
    }
  }

  @Test
  void aPasswordFileThatSaysSomethingElseNowIsAnotherPassword() throws Exception {
    Path file = Files.writeString(directory.resolve("password"), "right\n");
    KeyValueStore store = registry.open(url("", "?password-file=" + file));
    store.set("k", "v".getBytes(UTF_8));
    Files.writeString(file, "hunter2\n");

    assertThatThrownBy(() -> registry.open(url("", "?password-file=" + file)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("credentials")
        .hasMessageNotContainingAny("right", "hunter2");
  }
}

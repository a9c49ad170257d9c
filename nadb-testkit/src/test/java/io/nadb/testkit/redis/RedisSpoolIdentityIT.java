package io.nadb.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreLockedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Whose a spool is, which database it is for, and how the database knows it: by its mark. */
class RedisSpoolIdentityIT extends SpooledStores {
  @Test
  void aSecondStoreIsNotLetInToTheDirectory() {
    here.open(url(spool()));

    assertThatThrownBy(() -> later.open(url(spool())))
        .isInstanceOf(StoreLockedException.class)
        .hasMessageContaining(spool().toString());
  }

  @Test
  void whatWaitsForOneDatabaseDoesNotGoToAnother() throws Exception {
    KeyValueStore store = here.open(url(spool()));
    store.set("a", bytes("1"));
    server.kill();
    assertThatThrownBy(store::close).isInstanceOf(NadbException.class);
    server.restart();

    String other = url(spool()).replace("?", "/1?");
    assertThatThrownBy(() -> here.open(other))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining(
            "1 write for the database redis:127.0.0.1:" + server.port() + "/0/main")
        .hasMessageContaining("not for redis:127.0.0.1:" + server.port() + "/1/main");
    here.open(url(spool())).close();
    assertThat(text(atOnce, "a")).contains("1");
  }

  @Test
  void aDatabaseThatHasGotWritesFromASpoolIsKnownByAnotherNameToo() throws Exception {
    KeyValueStore store = here.open(url(spool()));
    store.set("a", bytes("1"));
    store.flush();
    store.set("b", bytes("2"));
    Path left = copy();
    String renamed = url(left).replace("127.0.0.1", "localhost");
    later.open(renamed).close();

    assertThat(atOnce.keys("")).containsExactly("a", "b");
    giveUp(store);
  }

  @Test
  void aSpoolInWhichNothingWaitsCanBeUsedForAnotherDatabase() {
    KeyValueStore store = here.open(url(spool()));
    store.set("a", bytes("1"));
    store.close();
    here.open(url(spool()).replace("?", "/1?")).close();

    assertThat(text(atOnce, "a")).contains("1");
  }

  @Test
  void eachDatabaseHasItsOwnSpoolInTheDirectory() {
    KeyValueStore one = here.open(url(spool()));
    KeyValueStore other = here.open(url(spool(), "db=other"));
    one.set("a", bytes("1"));
    other.set("b", bytes("2"));
    one.flush();
    other.flush();

    assertThat(atOnce.keys("")).containsExactly("a");
    assertThat(there.open(server.url("sweep=off", "db=other")).keys("")).containsExactly("b");
  }

  @Test
  void theMarkIsNoEntryAndOutlivesClear() {
    KeyValueStore store = here.open(url(spool()));
    store.set("a", bytes("1"));
    store.flush();
    store.clear();

    assertThat(atOnce.keys("")).isEmpty();
    assertThat(server.command("KEYS", "nadb:{main}:s:*").lines()).hasSize(1);
    store.set("b", bytes("2"));
    store.flush();
    assertThat(atOnce.keys("")).containsExactly("b");
  }

  @Test
  void aMarkThatTheServerHasLostKeepsNothingFromIt() {
    KeyValueStore store = here.open(url(spool()));
    store.set("a", bytes("1"));
    store.flush();
    server.command("FLUSHALL");
    store.set("b", bytes("2"));
    store.flush();

    assertThat(server.command("EXISTS", "nadb:{main:default}:e:b")).isEqualTo("1");
  }
}

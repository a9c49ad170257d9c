package io.nadb.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.CorruptStoreException;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.Operation;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * What is said, and what is kept, when the server or the disk refuses what is written to a spool.
 */
class RedisSpoolErrorsIT extends SpooledStores {
  @Test
  void whatTheServerRefusesIsSaidAndWhatCameBeforeItIsNotSentAgain() {
    String place = "nadb:{main:default}:e:foreign";
    server.command("SET", place, "v");
    KeyValueStore store = here.open(url(spool()));
    store.set("a", bytes("1"));
    store.set("foreign", bytes("2"));
    store.set("b", bytes("3"));

    assertThatThrownBy(store::flush).isInstanceOf(NadbException.class).hasMessageContaining(place);
    assertThat(text(atOnce, "a")).contains("1");
    atOnce.delete("a");
    server.command("DEL", place);
    store.flush();

    assertThat(atOnce.keys("")).containsExactly("b", "foreign");
  }

  @Test
  void whatTheServerRefusesAtOpenStaysInTheSpool() throws Exception {
    String place = "nadb:{main:default}:e:foreign";
    KeyValueStore store = here.open(url(spool()));
    store.set("foreign", bytes("1"));
    store.set("b", bytes("2"));
    server.kill();
    assertThatThrownBy(store::close).isInstanceOf(NadbException.class);
    server.restart();
    server.command("SET", place, "v");

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> here.open(url(spool())))
          .isInstanceOf(CorruptStoreException.class)
          .hasMessageContaining(place);
    }
    server.command("DEL", place);
    here.open(url(spool())).close();
    assertThat(atOnce.keys("")).containsExactly("b", "foreign");
  }

  @Test
  void aWriteThatTheDiskRefusesSaysSoAndGoesToTheServerAndLaterOnesAreInTheLogAgain()
      throws Exception {
    try (NadbHarness harness = NadbHarness.create()) {
      KeyValueStore store = harness.open(url(spool(), "durability=synced"));
      store.set("a", bytes("1"));
      harness.faults().on(Operation.WRITE).file("*.journal").fail(new IOException("disk full"));
      assertThatThrownBy(() -> store.set("b", bytes("2")))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("could not write 1 key to the spool")
          .hasMessageContaining("disk full");
      harness.faults().on(Operation.SYNC).file("*.journal").fail(new IOException("bad sector"));
      assertThatThrownBy(() -> store.set("c", bytes("3"))).hasMessageContaining("bad sector");
      store.set("d", bytes("4"));
      Path left = copy();
      later.open(url(left)).close();

      assertThat(atOnce.keys("")).containsExactly("a", "b", "c", "d");
      giveUp(store);
    }
  }

  @Test
  void whatIsBufferedGoesToTheServerThoughTheDiskIsFull() throws Exception {
    try (NadbHarness harness = NadbHarness.create()) {
      KeyValueStore store = harness.open(url(spool()));
      harness.faults().on(Operation.WRITE).file("*.journal").always().fail(new IOException("full"));
      assertThatThrownBy(() -> store.set("a", bytes("1"))).hasMessageContaining("full");
      store.flush();

      assertThat(text(atOnce, "a")).contains("1");
      assertThat(store.stats().bufferedKeys()).isZero();
    }
  }
}

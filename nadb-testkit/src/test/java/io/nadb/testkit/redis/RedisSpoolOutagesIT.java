package io.nadb.testkit.redis;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbConnectionException;
import io.nadb.NadbException;
import io.nadb.NadbTimeoutException;
import io.nadb.SetOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** What a store with a log in front of its server does while the server is away. */
class RedisSpoolOutagesIT extends SpooledStores {
  @Test
  void writesGoOnWhileTheServerIsKilledAndAreThereWhenItIsBack() throws Exception {
    KeyValueStore store = here.open(url(spool()));
    for (int round = 0; round < 3; round++) {
      store.set("before" + round, bytes("v"));
      store.flush();
      server.kill();
      for (int i = 0; i < 100; i++) {
        store.set("k" + i, bytes("v" + round + "." + i));
      }
      assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
      store.set("during" + round, bytes("v"));
      assertThat(text(store, "k7")).contains("v" + round + ".7");
      server.restart();
      store.flush();
      assertThat(store.durableSequence()).isEqualTo(store.stats().sequence());
      for (int i = 0; i < 100; i++) {
        assertThat(text(atOnce, "k" + i)).contains("v" + round + "." + i);
      }
    }
    assertThat(atOnce.keys("before")).hasSize(3);
    assertThat(atOnce.keys("during")).hasSize(3);
  }

  @Test
  void whatIsLeftWhenAStoreIsClosedWithoutItsServerIsSaidAndSentWithTheNextOpen() throws Exception {
    KeyValueStore store = here.open(url(spool()));
    store.set("a", bytes("1"));
    store.set("b", bytes("2"));
    server.kill();

    assertThatThrownBy(store::close)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("2 keys")
        .hasMessageContaining("are in the spool " + spool())
        .hasMessageNotContaining("are lost");
    assertThatThrownBy(() -> here.open(url(spool())))
        .isInstanceOf(NadbConnectionException.class)
        .hasMessageContaining("can't connect")
        .hasMessageContaining("2 writes wait in the spool " + spool());
    server.restart();
    here.open(url(spool())).close();

    assertThat(atOnce.keys("")).containsExactly("a", "b");
  }

  @Test
  void whoeverFindsNoRoomInALongOutageIsToldAndNothingThatHasReturnedIsLost() throws Exception {
    KeyValueStore store = here.open(url(spool(), "buffer=1kb", "write-timeout=5s"));
    server.kill();
    FutureTask<Integer> writer = new FutureTask<>(() -> writeUntilThereIsNoRoom(store));
    new Thread(writer).start();
    time.awaitWaiting(1);
    time.advance(ofSeconds(5));
    int written = writer.get();
    assertThat(written).isBetween(10, 30);
    server.restart();
    store.flush();

    assertThat(atOnce.keys("")).hasSize(written);
  }

  @Test
  void aValueThatTheBufferHasNoRoomForIsTakenDuringAnOutageIfNothingElseWaits() {
    KeyValueStore store = here.open(url(spool(), "buffer=1kb", "write-timeout=5s"));
    server.kill();

    store.set("large", filled(100_000, 1));
    assertThat(store.get("large")).contains(filled(100_000, 1));
    assertThatThrownBy(store::close).hasMessageContaining("is in the spool");
    server.restart();
    here.open(url(spool())).close();
    assertThat(atOnce.get("large")).contains(filled(100_000, 1));
  }

  private static int writeUntilThereIsNoRoom(KeyValueStore store) {
    for (int written = 0; ; written++) {
      try {
        store.set("k" + written, new byte[100]);
      } catch (NadbTimeoutException e) {
        assertThat(e.inDoubt()).isFalse();
        return written;
      }
    }
  }

  @Test
  void whatHasExpiredDuringAnOutageIsNotThereAfterIt() throws Exception {
    atOnce.set("short", bytes("old"));
    KeyValueStore store = here.open(url(spool()));
    store.set("short", bytes("new"), SetOptions.ttl(ofSeconds(10)));
    store.set("long", bytes("new"), SetOptions.ttl(ofSeconds(60)));
    time.advance(ofSeconds(20));
    Path left = copy();
    later.open(url(left)).close();

    assertThat(atOnce.keys("")).containsExactly("long");
    time.advance(ofSeconds(39));
    assertThat(text(atOnce, "long")).contains("new");
    time.advance(ofSeconds(1));
    assertThat(text(atOnce, "long")).isEmpty();
    giveUp(store);
  }

  @Test
  void whatIsWrittenOverAndOverDuringAnOutageDoesNotFillTheDisk() throws Exception {
    KeyValueStore store = here.open(url(spool(), "buffer=4mb"));
    server.kill();
    for (int i = 0; i < 200; i++) {
      store.set("k" + i % 2, filled(1 << 19, i));
    }
    long bytes = 0;
    for (Path file : journal(spool())) {
      bytes += Files.size(file);
    }
    assertThat(bytes).isLessThan(40 << 20);
    assertThatThrownBy(store::close).hasMessageContaining("2 keys");
    server.restart();
    here.open(url(spool())).close();

    assertThat(atOnce.get("k0")).contains(filled(1 << 19, 198));
    assertThat(atOnce.get("k1")).contains(filled(1 << 19, 199));
  }

  private static byte[] filled(int length, int with) {
    byte[] value = new byte[length];
    Arrays.fill(value, (byte) with);
    return value;
  }
}

package io.nadb.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.CorruptStoreException;
import io.nadb.KeyValueStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The files of a spool's journal: when they go, and what is made of those that are not whole. */
class RedisSpoolFilesIT extends SpooledStores {
  @Test
  void filesAreDeletedOnceTheServerHasAllThatIsInThem() throws Exception {
    KeyValueStore store = here.open(url(spool(), "buffer=8mb"));
    for (int i = 0; i < 40; i++) {
      store.set("k" + i, new byte[1 << 20]);
    }
    store.flush();

    assertThat(journal(spool())).isEmpty();
    assertThat(atOnce.size()).isEqualTo(40);
    store.set("k", bytes("v"));
    assertThat(journal(spool())).hasSize(1);
    store.close();
    assertThat(journal(spool())).isEmpty();
  }

  /** A file is left whose first records came after those of one that is gone. */
  @Test
  void aFileThatTheServerHasAllOfIsNoReasonNotToOpenEvenIfTheMarkIsLost() throws Exception {
    KeyValueStore store = here.open(url(spool(), "buffer=64mb"));
    for (int i = 0; i < 19; i++) {
      store.set("k" + i, new byte[900_000]);
    }
    store.flush();
    atOnce.delete("k18");
    assertThat(journal(spool())).hasSize(1);
    Path left = copy();
    server.command("DEL", server.command("KEYS", "nadb:{main}:s:*").strip());
    Path lost = copy();
    later.open(url(lost)).close();
    assertThat(atOnce.keys("")).contains("k18");
    atOnce.delete("k18");
    later.open(url(left)).close();

    assertThat(atOnce.keys("")).hasSize(18);
  }

  @Test
  void aRecordThatWasBeingWrittenIsLeftOut() throws Exception {
    KeyValueStore store = here.open(url(spool()));
    store.set("a", bytes("1"));
    store.set("b", bytes("2"));
    Path left = copy();
    Path file = journal(left).get(0);
    byte[] all = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(all, all.length - 1));
    later.open(url(left)).close();

    assertThat(atOnce.keys("")).containsExactly("a");
    giveUp(store);
  }

  @Test
  void aRecordThatWasOnDiskAndIsDamagedIsSaidAndNothingBehindItIsSent() throws Exception {
    KeyValueStore store = here.open(url(spool(), "durability=synced"));
    store.set("a", bytes("1"));
    store.set("b", bytes("2"));
    store.set("c", bytes("3"));
    Path left = copy();
    Path file = journal(left).get(0);
    byte[] all = Files.readAllBytes(file);
    all[30]++;
    Files.write(file, all);

    assertThatThrownBy(() -> later.open(url(left, "durability=synced")))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining(file.toString());
    assertThat(atOnce.keys("")).isEmpty();
  }

  @Test
  void aFileThatIsMissingIsSaidAndNothingBehindItIsSent() throws Exception {
    KeyValueStore store = here.open(url(spool(), "buffer=64mb"));
    for (int i = 0; i < 20; i++) {
      store.set("k" + i, new byte[1 << 20]);
    }
    Path left = copy();
    assertThat(journal(left)).hasSize(2);
    Files.delete(journal(left).get(0));

    assertThatThrownBy(() -> later.open(url(left)))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("are missing");
    assertThat(atOnce.keys("")).isEmpty();
    giveUp(store);
  }
}

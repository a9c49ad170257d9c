package io.nadb.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backups while others write as fast as they can, and compaction does what it can. */
@Timeout(120)
class BackupIT {
  private static final int KEYS = 1000;
  private static final int BACKUPS = 25;

  @TempDir Path temp;

  private static Map<String, byte[]> entries(int round) {
    byte[] value = Integer.toString(round).getBytes(UTF_8);
    return IntStream.range(0, KEYS).boxed().collect(Collectors.toMap(i -> "key" + i, i -> value));
  }

  @Test
  void underFullLoadEachBackupVerifiesAndIsExactlyOneCut() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    Backups backups = Backups.at(temp.resolve("backups"));
    try (StoreRegistry registry = StoreRegistry.create()) {
      KeyValueStore store =
          registry.open("nadb:fs:" + temp.resolve("data") + "?flush=5ms&segment=64kb&buffer=64kb");
      store.setAll(entries(0));
      Thread writing =
          new Thread(
              () -> {
                for (int round = 1; !ended.get(); round++) {
                  store.setAll(entries(round));
                }
              });
      writing.start();
      try {
        for (int i = 0; i < BACKUPS; i++) {
          long before = store.stats().sequence();
          Backup backup = i % 5 == 4 ? backups.createFull(store) : backups.create(store);
          backup.verify();
          assertThat(backup.sequence()).isGreaterThanOrEqualTo(before);
          assertIsOneCut(backup);
        }
      } finally {
        ended.set(true);
        writing.join();
      }
      assertThat(store.stats().compactions()).isPositive();
      Path target = temp.resolve("restored");
      backups.prune(Retention.last(3));
      assertThat(backups.list()).hasSize(3).allSatisfy(Backup::verify);
      backups.list().get(1).restore(target);
      assertThat(registry.open("nadb:fs:" + target).size()).isEqualTo(KEYS);
    }
  }

  private static void assertIsOneCut(Backup backup) {
    try (StoreRegistry readers = StoreRegistry.create()) {
      KeyValueStore store = readers.open("nadb:fs:" + backup.directory() + "?access=read");
      Map<String, byte[]> all = store.getAll(store.keys(""));
      assertThat(all).hasSize(KEYS);
      long round = backup.sequence() / KEYS - 1;
      assertThat(all.values())
          .as("at %s", backup.sequence())
          .allMatch(value -> new String(value, UTF_8).equals(Long.toString(round)));
    }
  }
}

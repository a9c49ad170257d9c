package io.nadb.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far backups, their checks and their restoring have come is told. */
class BackupProgressTest {
  @TempDir Path temp;
  private final StoreRegistry registry = StoreRegistry.create(new VirtualTime());
  private final Told told = new Told();

  @AfterEach
  void close() {
    registry.close();
  }

  /** What was told. */
  private static final class Told implements BackupProgress {
    private final List<Long> bytes = new ArrayList<>();
    private long total;

    @Override
    public void progressed(long done, long all) {
      bytes.add(done);
      total = all;
    }

    /** That it went up to all of the bytes, in steps, and begins anew. */
    private void wasWhole(long expected) {
      assertThat(total).isEqualTo(expected);
      assertThat(bytes).isSorted().hasSizeGreaterThan(2).endsWith(expected);
      assertThat(bytes).doesNotHaveDuplicates();
      bytes.clear();
    }
  }

  private KeyValueStore filled() {
    KeyValueStore store =
        registry.open("nadb:fs:" + temp.resolve("data") + "?flush=off&segment=1mb&metadata=none");
    for (int i = 0; i < 50; i++) {
      store.set("key" + i, "x".repeat(100_000).getBytes(UTF_8));
      if (i % 10 == 9) {
        store.flush();
      }
    }
    return store;
  }

  private Backups backups() {
    return Backups.at(temp.resolve("backups")).reporting(told);
  }

  @Test
  void makingSharingCheckingAndRestoringTell() {
    KeyValueStore store = filled();
    Backup first = backups().create(store);
    told.wasWhole(first.size() - lineage(first));

    Backup second = backups().create(store);
    assertThat(second.newBytes()).isLessThan(first.newBytes());
    told.wasWhole(second.size() - lineage(second));

    second.verify();
    told.wasWhole(second.size());

    second.restore(temp.resolve("restored"));
    told.wasWhole(second.size() - lineage(second));
  }

  @Test
  void bothReadingsOfACheckAreToldInStepsAlsoOfOneLargeFile() {
    try (KeyValueStore store =
        registry.open("nadb:fs:" + temp.resolve("one") + "?flush=off&metadata=none")) {
      for (int i = 0; i < 100; i++) {
        store.set("key" + i, "x".repeat(100_000).getBytes(UTF_8));
      }
      Backup backup = backups().create(store);
      told.bytes.clear();
      backup.verify();

      long half = backup.size() / 2;
      assertThat(told.bytes).filteredOn(bytes -> bytes < half).hasSizeBetween(8, 11);
      assertThat(told.bytes).filteredOn(bytes -> bytes > half).hasSizeBetween(8, 11);
      told.wasWhole(backup.size());
    }
  }

  @Test
  void whatIsThrownAmidTheSecondReadingEndsTheCheckAndNothingElse() {
    KeyValueStore store = filled();
    Backup backup = backups().create(store);
    IllegalStateException enough = new IllegalStateException("enough");
    Backups failing =
        Backups.at(temp.resolve("backups"))
            .reporting(
                (bytes, total) -> {
                  if (bytes > total * 3 / 4) {
                    throw enough;
                  }
                });

    assertThatThrownBy(() -> failing.list().get(0).verify()).isSameAs(enough);
    told.bytes.clear();
    backup.verify();
    told.wasWhole(backup.size());
  }

  @Test
  void whoComesWhileAnotherBackupIsMadeIsToldSoAndHarmsNothing() {
    KeyValueStore store = filled();
    Backups second = Backups.at(temp.resolve("backups"));
    List<Throwable> refused = new ArrayList<>();

    Backup first =
        Backups.at(temp.resolve("backups"))
            .reporting(
                (bytes, total) -> {
                  if (refused.isEmpty()) {
                    refused.add(CompletableFuture.supplyAsync(() -> failure(second, store)).join());
                  }
                })
            .create(store);

    assertThat(refused.get(0))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("somebody else in this process is making or deleting a backup in")
        .hasMessageContaining("wait until it is done");
    first.verify();
    assertThat(temp.resolve("backups").toFile().list())
        .containsOnly("backups.lock", String.valueOf(first.directory().getFileName()));
    second.create(store).verify();
  }

  private static Throwable failure(Backups backups, KeyValueStore store) {
    return catchThrowable(() -> backups.create(store));
  }

  /** The bytes of the list of segments, which is written anew. */
  private static long lineage(Backup backup) {
    return backup.directory().resolve("main/log/nadb.lineage").toFile().length();
  }

  @Test
  void whatIsThrownEndsTheWorkAndLeavesNothing() {
    KeyValueStore store = filled();
    Backups failing =
        Backups.at(temp.resolve("backups"))
            .reporting(
                (bytes, total) -> {
                  throw new IllegalStateException("enough");
                });

    assertThatThrownBy(() -> failing.create(store)).hasMessage("enough");
    assertThat(temp.resolve("backups").toFile().list()).containsOnly("backups.lock");
    backups().create(store);
    Backup made = failing.list().get(0);
    assertThatThrownBy(() -> made.restore(temp.resolve("restored"))).hasMessage("enough");
    assertThat(temp.toFile().list()).containsOnly("data", "backups");
  }
}

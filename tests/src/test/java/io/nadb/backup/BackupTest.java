package io.nadb.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Backups of a store, made while it is used. */
class BackupTest extends BackedUpStore {
  @Test
  void aBackupIsAStoreAsItWasAtOneFlushBoundary() {
    KeyValueStore store = open();
    Map<String, String> before = fill(store, "before");
    store.namespace("other").set("there", bytes("too"));

    Backup backup = backups().create(store);
    fill(store, "after");

    backup.verify();
    assertThat(backup.sequence()).isEqualTo(41);
    assertThat(backup.time()).isEqualTo(time.now());
    assertThat(backup.size()).isBetween(200_000L, 250_000L).isEqualTo(backup.newBytes());
    assertThat(read(backup)).isEqualTo(before);
    try (StoreRegistry readers = StoreRegistry.create(time)) {
      String other = "nadb:fs:" + backup.directory() + "?access=read&namespace=other";
      assertThat(readers.open(other).get("there")).hasValue(bytes("too"));
    }
    assertThat(backups().list()).hasSize(1);
    assertThat(backups().list().get(0).directory()).isEqualTo(backup.directory());
  }

  @Test
  void anEmptyStoreHasABackupToo() {
    Backup backup = backups().create(open());

    backup.verify();
    assertThat(backup.sequence()).isZero();
    assertThat(read(backup)).containsOnlyKeys("tags");
    backup.restore(temp.resolve("restored"));
    registry.open(url("restored")).set("a", bytes("1"));
  }

  @Test
  void whatHasNotChangedIsSharedAndAnyBackupMayBeDeleted() throws IOException {
    KeyValueStore store = open();
    Map<String, String> first = fill(store, "first");
    Backup one = backups().create(store);
    Backup same = backups().create(store);
    store.set("new", bytes("1"));
    Backup two = backups().create(store);
    Map<String, String> second = content(store);

    assertThat(same.newBytes()).isLessThan(1000);
    assertThat(two.newBytes()).isLessThan(1000);
    assertThat(two.size()).isGreaterThan(200_000);
    Path segment = Path.of("main/log/0000000001.seg");
    assertThat(Files.isSameFile(one.directory().resolve(segment), two.directory().resolve(segment)))
        .isTrue();
    assertThat(
            Files.isSameFile(
                one.directory().resolve(segment), temp.resolve("data").resolve(segment)))
        .isFalse();
    assertThat(read(same)).isEqualTo(first);

    one.delete();
    two.verify();
    same.delete();
    two.verify();
    assertThat(read(two)).isEqualTo(second);
    assertThat(backups().list()).hasSize(1);
    Backup full = backups().createFull(store);
    assertThat(full.newBytes()).isEqualTo(full.size());
    two.delete();
    full.verify();
    assertThat(read(full)).isEqualTo(second);
  }

  @Test
  void whatCompactionHasRewrittenIsCopiedAndDeletionsStay() {
    KeyValueStore store = open();
    fill(store, "first");
    backups().create(store);
    for (int round = 0; round < 10; round++) {
      fill(store, "round" + round);
      store.delete("key7");
      store.flush();
      time.advance(Duration.ofMinutes(1));
      Backup backup = backups().create(store);
      backup.verify();
      assertThat(read(backup)).isEqualTo(content(store)).doesNotContainKey("key7");
    }
    assertThat(store.stats().compactions()).isPositive();
    assertThat(backups().list()).hasSize(11).allSatisfy(Backup::verify);
  }

  @Test
  void aBackupIsNotOpenedForWriting() throws IOException {
    KeyValueStore store = open();
    store.set("a", bytes("1"));
    Backup backup = backups().create(store);
    List<Path> before = files(backup.directory());

    assertThatThrownBy(() -> registry.open("nadb:fs:" + backup.directory()))
        .isExactlyInstanceOf(NadbException.class)
        .hasMessageContaining("main is a backup, whose files others may share: nothing was changed")
        .hasMessageContaining("access=read");
    assertThat(files(backup.directory())).isEqualTo(before);
  }

  @Test
  void aRestoredStoreGoesOnWithAHistoryOfItsOwn() {
    KeyValueStore store = open();
    Map<String, String> before = fill(store, "before");
    Backup backup = backups().create(store);
    fill(store, "lost");
    Path target = temp.resolve("restored");

    backup.restore(target);
    KeyValueStore restored = registry.open(url("restored"));
    assertThat(content(restored)).isEqualTo(before);
    assertThat(restored.set("new", bytes("1"))).isEqualTo(backup.sequence() + 1);
    restored.flush();
    Map<String, String> after = content(restored);
    restored.close();
    restored = registry.open(url("restored"));
    assertThat(content(restored)).isEqualTo(after);

    Backup second = backups().create(restored);
    assertThat(second.newBytes()).isEqualTo(second.size());
    Backup third = backups().create(restored);
    assertThat(third.newBytes()).isLessThan(1000);
    backup.verify();
    assertThat(read(backup)).isEqualTo(before);
    assertThat(read(second)).isEqualTo(after);
  }

  @Test
  void aRestoreNeverGoesOverAnything() throws IOException {
    KeyValueStore store = open();
    store.set("a", bytes("1"));
    Backup backup = backups().create(store);
    Path target = temp.resolve("restored");
    Files.createDirectory(target);

    assertThatThrownBy(() -> backup.restore(target))
        .isExactlyInstanceOf(NadbException.class)
        .hasMessageContaining(target.toString())
        .hasMessageContaining("exists");
    assertThat(target).isEmptyDirectory();
    assertThatThrownBy(() -> backup.restore(temp.resolve("none/restored")))
        .isExactlyInstanceOf(NadbException.class)
        .hasMessageContaining(temp.resolve("none").toString());

    Files.delete(target);
    Path foreign = temp.resolve("restored.partial/mine.txt");
    Files.createDirectories(foreign.getParent());
    Files.writeString(foreign, "mine");
    assertThatThrownBy(() -> backup.restore(target))
        .isExactlyInstanceOf(NadbException.class)
        .hasMessageContaining("mine.txt");
    assertThat(foreign).hasContent("mine");
    assertThat(target).doesNotExist();

    Files.delete(foreign);
    Path left = temp.resolve("restored.partial/main/log/0000000001.seg");
    Files.createDirectories(left.getParent());
    Files.writeString(left, "half");
    backup.restore(target);
    assertThat(temp.resolve("restored.partial")).doesNotExist();
    assertThat(content(registry.open(url("restored")))).isEqualTo(content(store));
  }

  @Test
  void theLastOnesAndOneOfEachDayAreKept() {
    KeyValueStore store = open();
    List<Instant> times = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      store.set("a", bytes("" + i));
      times.add(backups().create(store).time());
      time.advance(Duration.ofHours(10));
    }

    List<Backup> gone = backups().prune(Retention.last(2).daily(3));

    List<Instant> kept = backups().list().stream().map(Backup::time).toList();
    assertThat(gone).hasSize(12 - kept.size());
    assertThat(kept).contains(times.get(10), times.get(11));
    assertThat(kept.stream().map(each -> each.toString().substring(0, 10)).distinct()).hasSize(3);
    assertThat(kept).hasSizeLessThanOrEqualTo(4);
    assertThat(backups().list()).allSatisfy(Backup::verify);
    assertThat(backups().prune(Retention.last(2).daily(3))).isEmpty();
    assertThat(backups().prune(Retention.last(1))).hasSize(kept.size() - 1);
    assertThat(backups().list()).extracting(Backup::time).containsExactly(times.get(11));
    assertThatThrownBy(() -> Retention.last(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theirOrderIsThatInWhichTheyWereMadeWhateverTheClockSays() {
    KeyValueStore store = open();
    store.set("a", bytes("1"));
    Backup first = backups().create(store);
    time.shiftClock(Duration.ofDays(-3));
    store.set("a", bytes("2"));
    Backup second = backups().create(store);

    assertThat(second.time()).isBefore(first.time());
    assertThat(backups().list()).extracting(Backup::sequence).containsExactly(1L, 2L);
    assertThat(second.newBytes()).isLessThan(second.size());
    assertThat(backups().prune(Retention.last(1)))
        .extracting(Backup::directory)
        .containsExactly(first.directory());
  }

  @Test
  void aBackupIsABackupOfABackupAndOfWhatAnotherProcessHasOpen() {
    KeyValueStore store = open();
    Map<String, String> before = fill(store, "first");
    try (StoreRegistry readers = StoreRegistry.create(time)) {
      KeyValueStore reader = readers.open("nadb:fs:" + temp.resolve("data") + "?access=read");
      Backup backup = backups().create(reader);
      fill(store, "second");

      assertThat(read(backup)).isEqualTo(before);
      KeyValueStore again = readers.open("nadb:fs:" + backup.directory() + "?access=read");
      assertThat(read(Backups.at(temp.resolve("more")).create(again))).isEqualTo(before);
    }
  }

  @Test
  void whatCanNotBeBackedUpIsRefused() {
    KeyValueStore store = open();
    Path inside = temp.resolve("data/main/backups");

    assertThatThrownBy(() -> backups().create(registry.open("nadb:mem:x")))
        .isExactlyInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("has no files of its own");
    assertThatThrownBy(() -> Backups.at(inside).create(store))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("backups go elsewhere");
    assertThat(inside).doesNotExist();
    store.close();
    assertThatThrownBy(() -> backups().create(store)).isInstanceOf(IllegalStateException.class);
    assertThat(backups().list()).isEmpty();
  }
}

package io.nadb.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.CorruptStoreException;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a store, made while it is used. */
class BackupTest {
  @TempDir Path temp;
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);

  @AfterEach
  void close() {
    registry.close();
  }

  private KeyValueStore open() {
    return registry.open(url("data"));
  }

  private String url(String name) {
    return "nadb:fs:" + temp.resolve(name) + "?flush=off&segment=64kb&sweep=1s&metadata=none";
  }

  private Backups backups() {
    return Backups.at(temp.resolve("backups"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** Fills several segments; returns what the store has then. */
  private Map<String, String> fill(KeyValueStore store, String value) {
    for (int i = 0; i < 40; i++) {
      byte[] content = (value + i + "x".repeat(5000)).getBytes(UTF_8);
      store.set("key" + i, content, SetOptions.tags("tag" + i % 3).withTtl(Duration.ofDays(i + 1)));
      if (i % 10 == 9) {
        store.flush();
      }
    }
    return content(store);
  }

  private static Map<String, String> content(KeyValueStore store) {
    Map<String, String> found = new TreeMap<>();
    for (String key : store.keys("")) {
      EntryMetadata metadata = store.metadata(key).orElseThrow();
      found.put(key, metadata + " " + new String(store.get(key).orElseThrow(), UTF_8));
    }
    found.put("tags", store.tags().toString());
    return found;
  }

  private Map<String, String> read(Backup backup) {
    try (StoreRegistry readers = StoreRegistry.create(time)) {
      return content(readers.open("nadb:fs:" + backup.directory() + "?access=read"));
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

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

  /** Each file of a backup, in each way: it is named, and nothing is made of it. */
  @Test
  void whateverIsWrongWithABackupIsNamedAndRefused() throws IOException {
    KeyValueStore store = open();
    fill(store, "first");
    Backup good = backups().create(store);
    fill(store, "second");
    Backup other = backups().create(store);
    List<Path> files = files(good.directory());
    assertThat(files).hasSizeGreaterThan(5);
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      byte[] content = Files.readAllBytes(file);
      Files.delete(file);
      assertRefused(good, file);
      for (int at = 0; at < content.length; at += 1 + content.length / 7) {
        byte[] flipped = content.clone();
        flipped[at] ^= 4;
        Files.write(file, flipped);
        assertRefused(good, file);
        Files.write(file, Arrays.copyOf(content, at));
        assertRefused(good, file);
      }
      Path neighbour = files.get((i + 1) % files.size());
      Files.write(file, Files.readAllBytes(neighbour));
      assertRefused(good, file);
      Files.write(file, content);
    }
    Path manifest = good.directory().resolve("main/backup.manifest");
    byte[] own = Files.readAllBytes(manifest);
    Files.copy(
        other.directory().resolve("main/backup.manifest"),
        manifest,
        StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(good::verify).isInstanceOf(CorruptStoreException.class);
    Files.write(manifest, own);
    Path stranger = good.directory().resolve("main/log/0000000099.seg");
    Files.write(stranger, new byte[200]);
    assertRefused(good, stranger);
    Files.delete(stranger);
    good.verify();
  }

  private void assertRefused(Backup backup, Path file) {
    Path target = temp.resolve("restored");
    Backup found = backups().list().get(0);
    assertThat(found.directory()).isEqualTo(backup.directory());
    assertThatThrownBy(found::verify)
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining(file.toString());
    assertThatThrownBy(() -> found.restore(target))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining(file.toString());
    assertThat(target).doesNotExist();
    assertThat(temp.resolve("restored.partial")).doesNotExist();
  }

  @Test
  void aDamagedRecordOfTheStoreIsNamedAndTheLastBackupStays() throws IOException {
    KeyValueStore store = open();
    fill(store, "first");
    Backup good = backups().create(store);
    store.close();
    Path segment = temp.resolve("data/main/log/0000000001.seg");
    byte[] content = Files.readAllBytes(segment);
    content[content.length / 2] ^= 1;
    Files.write(segment, content);
    KeyValueStore damaged = open(); // The hint covers it.

    assertThatThrownBy(() -> backups().createFull(damaged))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining(segment.toRealPath().toString());
    assertThat(backups().list()).hasSize(1);
    assertThat(temp.resolve("backups")).isDirectoryNotContaining("glob:**.partial");
    good.verify();
  }

  @Test
  void whatAnInterruptedProcessHasLeftIsTakenAway() throws IOException {
    KeyValueStore store = open();
    store.set("a", bytes("1"));
    Backup first = backups().create(store);
    Path half = temp.resolve("backups/00007-2026-11-29T03-20-00Z.partial/main/log");
    Files.createDirectories(half);
    Files.writeString(half.resolve("0000000001.seg"), "half");
    Path deleting = temp.resolve("backups/00003-2026-11-29T03-20-00Z.deleting");
    Files.createDirectories(deleting);
    Path foreign = temp.resolve("backups/notes.txt");
    Files.writeString(foreign, "mine");

    assertThat(backups().list()).extracting(Backup::directory).containsExactly(first.directory());
    backups().create(store);

    assertThat(backups().list()).hasSize(2).allSatisfy(Backup::verify);
    assertThat(temp.resolve("backups"))
        .isDirectoryNotContaining("glob:**.{partial,deleting}")
        .isDirectoryContaining("glob:**/notes.txt");
  }

  @Test
  void aDamagedBackupIsListedAndNothingIsSharedWithIt() throws IOException {
    KeyValueStore store = open();
    Map<String, String> before = fill(store, "first");
    Backup first = backups().create(store);
    Backup second = backups().create(store);
    Files.delete(second.directory().resolve("main/backup.manifest"));

    Backup third = backups().create(store);

    assertThat(third.newBytes()).as("shared with the first").isLessThan(1000);
    assertThat(read(third)).isEqualTo(before);
    assertThat(backups().list()).hasSize(3);
    assertThatThrownBy(() -> backups().list().get(1).sequence())
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("the backup's manifest is missing");
    assertThat(backups().prune(Retention.last(1)))
        .extracting(Backup::directory)
        .containsExactly(first.directory());
  }

  /** What it leads to is not the backup's. */
  @Test
  void aSymbolicLinkInThePlaceOfAFileIsRefused() throws IOException {
    KeyValueStore store = open();
    fill(store, "v");
    Backup backup = backups().create(store);
    Path segment = backup.directory().resolve("main/log/0000000001.seg");
    Path elsewhere = temp.resolve("elsewhere");
    Files.move(segment, elsewhere);
    Files.createSymbolicLink(segment, elsewhere);

    assertRefused(backup, segment);
  }

  /** Links of it would be no better. */
  @Test
  void aFileOfTheLastBackupThatIsShorterOrGoneIsCopiedAnew() throws IOException {
    KeyValueStore store = open();
    Map<String, String> content = fill(store, "v");
    Backup damaged = backups().create(store);
    Path log = damaged.directory().resolve("main/log");
    try (RandomAccessFile file =
        new RandomAccessFile(log.resolve("0000000001.seg").toFile(), "rw")) {
      file.setLength(file.length() - 8);
    }
    Files.delete(log.resolve("0000000002.seg"));

    Backup next = backups().create(store);

    next.verify();
    assertThat(read(next)).isEqualTo(content);
    assertThat(next.newBytes()).isBetween(2 * 50_000L, next.size() - 50_000);
    assertThatThrownBy(damaged::verify).isInstanceOf(CorruptStoreException.class);
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

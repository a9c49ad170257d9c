package io.nadb.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.CorruptStoreException;
import io.nadb.KeyValueStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Damage, and what is half done: no backup shares it, and none is restored with it. */
class DamagedBackupTest extends BackedUpStore {
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
}

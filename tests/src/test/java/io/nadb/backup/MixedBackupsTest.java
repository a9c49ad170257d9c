package io.nadb.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.CorruptStoreException;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups whose files get among each other, each of them whole in itself. */
class MixedBackupsTest {
  @TempDir Path temp;
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);
  private Backup first;
  private Backup second;

  /** Of another store, with the same keys. */
  private Backup foreign;

  @BeforeEach
  void make() {
    KeyValueStore store = registry.open(url("data"));
    fill(store, "first");
    first = Backups.at(temp.resolve("backups")).create(store);
    fill(store, "second");
    second = Backups.at(temp.resolve("backups")).create(store);
    KeyValueStore other = registry.open(url("other"));
    fill(other, "first");
    foreign = Backups.at(temp.resolve("foreign")).create(other);
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private String url(String name) {
    return "nadb:fs:" + temp.resolve(name) + "?flush=off&segment=64kb&metadata=none&sweep=off";
  }

  private static void fill(KeyValueStore store, String value) {
    for (int i = 0; i < 20; i++) {
      store.set("key" + i, (value + i + "x".repeat(9_000)).getBytes(UTF_8));
      if (i % 5 == 4) {
        store.flush();
      }
    }
  }

  private static List<Path> files(Backup backup) throws IOException {
    try (Stream<Path> all = Files.walk(backup.directory())) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static Path manifest(Backup backup) {
    return backup.directory().resolve("main/backup.manifest");
  }

  /** What each file has, and which file it is. */
  private static Map<Path, String> bytes(Backup backup) throws IOException {
    Map<Path, String> bytes = new TreeMap<>();
    for (Path file : files(backup)) {
      Object identity = Files.getAttribute(file, "unix:ino");
      bytes.put(file, identity + " " + Arrays.hashCode(Files.readAllBytes(file)));
    }
    return bytes;
  }

  private void assertRefused(Backup backup, String what) {
    Backup found = find(backup);
    assertThatThrownBy(found::verify)
        .as(what)
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining(backup.directory().toString());
    assertThatThrownBy(() -> found.restore(temp.resolve("restored")))
        .as(what)
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining(backup.directory().toString());
    assertThat(temp).isDirectoryNotContaining("glob:**restored*");
  }

  private static Backup find(Backup backup) {
    return Backups.at(Objects.requireNonNull(backup.directory().getParent())).list().stream()
        .filter(each -> each.directory().equals(backup.directory()))
        .findFirst()
        .orElseThrow();
  }

  /** Puts bytes in the place of a file, without a change of those that share it. */
  private static void replace(Path file, byte[] bytes) throws IOException {
    Files.delete(file);
    Files.write(file, bytes);
  }

  @Test
  void twoFilesThatHaveChangedPlacesAreNoticedWhicheverTheyAre() throws IOException {
    List<Path> files = files(first);
    assertThat(files).hasSizeGreaterThan(4);
    for (int i = 0; i < files.size(); i++) {
      for (int j = 0; j < i; j++) {
        byte[] one = Files.readAllBytes(files.get(i));
        byte[] other = Files.readAllBytes(files.get(j));
        replace(files.get(i), other);
        replace(files.get(j), one);
        assertRefused(first, files.get(i) + " and " + files.get(j));
        replace(files.get(i), one);
        replace(files.get(j), other);
      }
    }
    first.verify();
    second.verify();
  }

  @Test
  void aFileOfAnotherStoreUnderTheSameNameIsNoticed() throws IOException {
    for (Path file : files(first)) {
      Path name = first.directory().relativize(file);
      byte[] own = Files.readAllBytes(file);
      replace(file, Files.readAllBytes(foreign.directory().resolve(name)));
      assertRefused(first, file.toString());
      replace(file, own);
    }
    first.verify();
  }

  /** The checksum of the whole file can't tell: each header ends with its own. */
  @Test
  void aHeaderOfAnotherStoreOverTheRightRecordsIsNoticed() throws IOException {
    for (Path file : files(first)) {
      if (file.toString().endsWith(".seg")) {
        byte[] own = Files.readAllBytes(file);
        byte[] other =
            Files.readAllBytes(foreign.directory().resolve(first.directory().relativize(file)));
        byte[] mixed = own.clone();
        System.arraycopy(other, 0, mixed, 0, SegmentFormat.HEADER_BYTES);
        replace(file, mixed);
        assertRefused(first, file.toString());
        replace(file, own);
      }
    }
    first.verify();
  }

  @Test
  void aManifestOfAnotherBackupOrAnotherStoreIsNoticed() throws IOException {
    byte[] own = Files.readAllBytes(manifest(first));
    for (Backup other : List.of(second, foreign)) {
      replace(manifest(first), Files.readAllBytes(manifest(other)));
      assertRefused(first, "with the manifest of " + other);
    }
    replace(manifest(first), own);
    first.verify();
  }

  /** Nothing is wrong with it, but that it is called by another name. */
  @Test
  void aWholeBackupOfAnotherStoreSharesNothing() throws IOException {
    Path moved = temp.resolve("backups/00009-2026-11-29T03-20-00Z");
    Files.move(foreign.directory(), moved);
    KeyValueStore store = registry.open(url("data"));

    Backup third = Backups.at(temp.resolve("backups")).create(store);

    third.verify();
    assertThat(third.directory().getFileName().toString()).startsWith("00010-");
    assertThat(third.newBytes()).as("nothing is linked from there").isEqualTo(third.size());
  }

  @Test
  void whoeverTriesToWriteToAnOpenedBackupHarmsNeitherItNorItsSiblings() throws IOException {
    Map<Path, String> before = bytes(first);
    Map<Path, String> sibling = bytes(second);
    List<Consumer<KeyValueStore>> writes =
        List.of(
            store -> store.set("key1", new byte[1]),
            store -> store.delete("key1"),
            store -> store.increment("number", 1),
            store -> store.transaction(each -> each.delete("key1")),
            KeyValueStore::cleanupExpired,
            KeyValueStore::clear);
    try (StoreRegistry readers = StoreRegistry.create(time)) {
      assertThatThrownBy(() -> readers.open("nadb:fs:" + second.directory()))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("is a backup");
      KeyValueStore store = readers.open("nadb:fs:" + second.directory() + "?access=read");
      for (Consumer<KeyValueStore> write : writes) {
        assertThatThrownBy(() -> write.accept(store))
            .isInstanceOf(UnsupportedOperationException.class);
      }
      store.flush();
      store.refresh();
      assertThat(store.get("key1").orElseThrow()).startsWith("second1".getBytes(UTF_8));
    }

    assertThat(bytes(first)).isEqualTo(before);
    assertThat(bytes(second)).isEqualTo(sibling);
    first.verify();
    second.verify();
  }

  @Test
  void aRestoredStoreThatIsWrittenToAndBackedUpThereLeavesTheEarlierOnesAlone() throws IOException {
    Map<Path, String> before = bytes(first);
    Map<Path, String> sibling = bytes(second);
    first.restore(temp.resolve("restored"));
    KeyValueStore restored = registry.open(url("restored"));
    for (int round = 0; round < 3; round++) {
      fill(restored, "round" + round);
      assertThat(restored.stats().sequence()).as("numbers that others have").isLessThan(100);
      Backup backup = Backups.at(temp.resolve("backups")).create(restored);
      backup.verify();
      backup.restore(temp.resolve("again" + round));
      assertThat(registry.open(url("again" + round)).get("key7").orElseThrow())
          .startsWith(("round" + round + "7").getBytes(UTF_8));
    }
    fill(registry.open(url("data")), "third");
    Backup third = Backups.at(temp.resolve("backups")).create(registry.open(url("data")));
    third.verify();

    assertThat(bytes(first)).isEqualTo(before);
    assertThat(bytes(second)).isEqualTo(sibling);
    assertThat(Backups.at(temp.resolve("backups")).list()).hasSize(6).allSatisfy(Backup::verify);
  }
}

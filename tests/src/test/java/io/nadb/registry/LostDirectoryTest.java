package io.nadb.registry;

import static io.nadb.testing.Bytes.text;
import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreLockedException;
import io.nadb.StoreRegistry;
import io.nadb.StoreState;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store does whose directory is deleted, moved or replaced while it is open. */
class LostDirectoryTest {
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);
  private final StoreRegistry other = StoreRegistry.create(time);
  @TempDir private Path temp;
  private Path directory;
  private KeyValueStore store;

  @BeforeEach
  void open() throws IOException {
    temp = temp.toRealPath();
    directory = temp.resolve("main");
    store = registry.open(url());
    store.set("flushed", utf8("1"));
    store.flush();
  }

  @AfterEach
  void close() {
    for (StoreRegistry each : List.of(registry, other)) {
      try {
        each.close();
      } catch (NadbException e) {
        // The tests that look at how a store ends close it themselves.
      }
    }
  }

  private String url() {
    return "nadb:fs:" + temp + "?metadata=none";
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private static List<String> content(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      return files.map(file -> tree.relativize(file).toString()).sorted().toList();
    }
  }

  private void assertFlushFails(String reason) {
    store.set("buffered", utf8("2"));
    assertThatThrownBy(store::flush)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("could not flush 1 key")
        .hasMessageContaining(reason)
        .hasMessageEndingWith("until then the buffer keeps the writes")
        .hasMessageNotContainingAny("nothing is lost");
    assertThat(store.stats().state()).isEqualTo(StoreState.DEGRADED);
    assertThat(store.stats().lastFailure().orElseThrow()).contains(reason);
    assertThat(text(store, "flushed")).contains("1");
    assertThat(text(store, "buffered")).contains("2");
  }

  private void assertCloseNamesTheLoss(String reason) {
    assertThatThrownBy(store::close)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("is closed, but its last flush failed: 1 key (")
        .hasMessageContaining(" is lost: ")
        .hasStackTraceContaining(reason);
  }

  @Test
  void aDeletedDirectoryIsNoticedByTheNextFlush() throws IOException {
    delete(directory);

    assertFlushFails(directory + " is gone: it was deleted or moved");
    assertThat(directory).doesNotExist();
    assertCloseNamesTheLoss(directory + " is gone");
    assertThat(directory).doesNotExist();
  }

  @Test
  void aFlushWithNothingToDoDoesNotSayThatAllIsWell() throws IOException {
    delete(directory);

    assertThatThrownBy(store::flush)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("could not find what was flushed: " + directory + " is gone");
    assertThat(store.stats().state()).isEqualTo(StoreState.DEGRADED);
    assertThatThrownBy(store::close)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("is closed, but its last flush failed: 0 keys")
        .hasStackTraceContaining(directory + " is gone");
  }

  @Test
  void aBackgroundFlushTellsInTheStatistics() throws IOException {
    delete(directory);
    store.set("buffered", utf8("2"));
    time.advance(java.time.Duration.ofSeconds(5));

    assertThat(store.stats().state()).isEqualTo(StoreState.DEGRADED);
    assertThat(store.stats().lastFailure().orElseThrow()).contains(directory + " is gone");
  }

  @Test
  void anotherDirectoryInItsPlaceIsLeftAlone() throws IOException {
    Files.move(directory, temp.resolve("elsewhere"));
    Files.createDirectory(directory);

    assertFlushFails(directory + " is another directory than the one that the store has opened");
    assertCloseNamesTheLoss("is another directory");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aCopyInItsPlaceIsNotTaken() throws IOException {
    Files.move(directory, temp.resolve("elsewhere"));
    copy(temp.resolve("elsewhere"), directory);
    List<String> before = content(directory);

    assertFlushFails(directory + " is another directory than the one that the store has opened");
    assertCloseNamesTheLoss("is another directory");
    assertThat(content(directory)).isEqualTo(before);
  }

  @Test
  void aStoreThatBeginsAnewInItsPlaceIsNotTouched() throws IOException {
    delete(directory);
    KeyValueStore second = other.open(url());
    second.set("theirs", utf8("3"));
    second.flush();

    assertFlushFails("is another directory");
    assertCloseNamesTheLoss("is another directory");
    second.set("more", utf8("4"));
    second.flush();
    second.close();
    KeyValueStore again = other.open(url());
    assertThat(again.keys("")).containsExactly("more", "theirs");
  }

  @Test
  void aDirectoryThatIsPutBackIsGoneOnWith() throws IOException {
    Files.move(directory, temp.resolve("elsewhere"));
    assertFlushFails(directory + " is gone");
    Files.move(temp.resolve("elsewhere"), directory);

    store.flush();
    assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
    store.close();
    assertThat(registry.open(url()).keys("")).containsExactly("buffered", "flushed");
  }

  @Test
  void aDirectoryThatIsPutBackIsFoundEvenIfNothingIsBuffered() throws IOException {
    Files.move(directory, temp.resolve("elsewhere"));
    assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
    Files.move(temp.resolve("elsewhere"), directory);

    store.flush();
    assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
  }

  @Test
  void aDirectoryThatWasMovedIsStillTheOwnersWhereItIs() throws IOException {
    Files.createDirectory(temp.resolve("moved"));
    Files.move(directory, temp.resolve("moved/main"));
    String moved = "nadb:fs:" + temp.resolve("moved");

    assertThatThrownBy(() -> other.open(moved))
        .isInstanceOf(StoreLockedException.class)
        .hasMessageStartingWith(
            temp.resolve("moved/main") + " is already open by another registry");
    assertThatThrownBy(store::close).isInstanceOf(NadbException.class);
    assertThat(other.open(moved).keys("")).containsExactly("flushed");
  }

  @Test
  void aFileOfTheLogThatIsDeletedIsMissedForGood() throws IOException {
    Files.delete(directory.resolve("log/0000000001.seg"));

    assertThatThrownBy(store::flush)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("log/0000000001.seg is gone, which the store has written");
    assertFlushFails("log/0000000001.seg is gone, which the store has written");
    assertThatThrownBy(store::flush).hasMessageContaining("0000000001.seg is gone");
    assertThat(content(directory.resolve("log"))).doesNotContain("0000000002.seg");
    assertCloseNamesTheLoss("0000000001.seg is gone");
  }

  @Test
  void aFileOfTheLogThatIsReplacedIsMissedForGood() throws IOException {
    Path segment = directory.resolve("log/0000000001.seg");
    byte[] content = Files.readAllBytes(segment);
    Files.move(segment, temp.resolve("old"));
    Files.write(segment, content);

    assertFlushFails(segment + " is another file than the one that the store has written");
    assertThatThrownBy(store::flush).hasMessageContaining("is another file");
    assertCloseNamesTheLoss("is another file");
  }

  @Test
  void withoutTheLockFileNobodyElseGetsIn() throws IOException {
    Files.delete(directory.resolve("nadb.lock"));

    assertThatThrownBy(() -> other.open(url()))
        .isInstanceOf(StoreLockedException.class)
        .hasMessageStartingWith(directory + " is already open by another registry of this process");
    store.set("buffered", utf8("2"));
    store.flush();
    store.close();
    assertThat(other.open(url()).keys("")).containsExactly("buffered", "flushed");
  }

  @Test
  void withoutTheNoteNobodyElseGetsIn() throws IOException {
    Files.delete(directory.resolve("nadb.owner"));

    assertThatThrownBy(() -> other.open(url())).isInstanceOf(StoreLockedException.class);
    store.flush();
    assertThat(directory.resolve("nadb.owner"))
        .as("written anew")
        .content()
        .contains("state: open");
    assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
  }

  @Test
  void lockAndNoteAreMadeAnew() throws IOException {
    Files.delete(directory.resolve("nadb.lock"));
    Files.delete(directory.resolve("nadb.owner"));
    store.flush();

    assertThat(directory.resolve("nadb.lock")).exists();
    assertThatThrownBy(() -> other.open(url())).isInstanceOf(StoreLockedException.class);
    Files.delete(directory.resolve("nadb.owner"));
    assertThatThrownBy(() -> other.open(url()))
        .as("the new lock alone keeps it out")
        .isInstanceOf(StoreLockedException.class);
    store.close();
    assertThat(other.open(url()).keys("")).containsExactly("flushed");
  }

  @Test
  void whoLosesTheDirectoryToAnotherNeverWritesThereAgain() throws IOException {
    Files.delete(directory.resolve("nadb.lock"));
    Files.delete(directory.resolve("nadb.owner"));
    KeyValueStore second = other.open(url());
    second.set("theirs", utf8("3"));
    second.close();

    assertFlushFails(directory + " has been taken by pid " + ProcessHandle.current().pid());
    Files.delete(directory.resolve("nadb.owner"));
    assertThatThrownBy(store::flush).hasMessageContaining("has been taken by pid");
    assertCloseNamesTheLoss("has been taken by pid");
    assertThat(other.open(url()).keys("")).containsExactly("flushed", "theirs");
  }

  @Test
  void aNoteThatIsTouchedIsStillTheOwnersNote() throws IOException {
    Path note = directory.resolve("nadb.owner");
    Files.write(note, Files.readAllBytes(note));
    Files.setLastModifiedTime(note, java.nio.file.attribute.FileTime.fromMillis(1));

    store.set("buffered", utf8("2"));
    store.flush();
    assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
  }

  @Test
  void aNoteThatCannotBeChangedAtTheEndKeepsNobodyOut() throws IOException {
    Files.createDirectory(directory.resolve("nadb.owner.new"));
    store.close();
    assertThat(directory.resolve("nadb.owner")).content().contains("state: open");

    assertThat(other.open(url()).keys("")).containsExactly("flushed");
    assertThatThrownBy(() -> registry.open(url())).isInstanceOf(StoreLockedException.class);
    other.open(url()).set("buffered", utf8("2"));
    other.open(url()).flush();
    assertThat(other.open(url()).stats().state()).isEqualTo(StoreState.HEALTHY);
  }

  @Test
  void theNoteSaysWhoHadTheDirectoryLast() {
    store.close();

    assertThat(directory.resolve("nadb.owner"))
        .content()
        .contains("state: closed", "pid: " + ProcessHandle.current().pid(), "path: " + directory);
  }

  @Test
  void noMetadataDatabaseIsBegunInAnotherDirectory() throws IOException {
    store.close();
    store = registry.open("nadb:fs:" + temp);
    for (int i = 0; i < 1500; i++) {
      store.set("key" + i, utf8("2"));
    }
    store.flush();
    assertThat(directory.resolve("metadata.db")).doesNotExist();
    Files.move(directory, temp.resolve("elsewhere"));
    Files.createDirectory(directory);
    time.advance(java.time.Duration.ofMinutes(1));
    assertThat(directory).isEmptyDirectory();

    Files.delete(directory);
    Files.move(temp.resolve("elsewhere"), directory);
    store.set("buffered", utf8("2"));
    time.advance(java.time.Duration.ofMinutes(1));
    assertThat(directory.resolve("metadata.db")).as("in its own").exists();
  }
}

package io.nadb.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.CorruptStoreException;
import io.nadb.internal.lock.DirectoryLock;
import io.nadb.internal.lock.OwnedIo;
import io.nadb.spi.Cut;
import io.nadb.spi.Write;
import io.nadb.testing.InMemory;
import io.nadb.testkit.disk.CrashImage;
import io.nadb.testkit.disk.CrashImage.Fate;
import io.nadb.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on disk of a spool when its store has been closed, or the server has lost something. */
class SpoolJournalTest {
  private static final long FILE_BYTES = 1000;

  @TempDir(factory = InMemory.class)
  Path temp;

  private Path directory;
  private SimulatedDisk disk;

  @BeforeEach
  void create() throws IOException {
    directory = Files.createDirectories(temp.resolve("spool"));
    disk = new SimulatedDisk(directory);
  }

  /** One write. */
  private record One(long sequence) implements Cut {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public <E extends Exception> void forEach(Visitor<E> visitor) throws E {
      byte[] value = new byte[100];
      visitor.visit(
          "n", "k" + sequence, Write.set(sequence, value, Set.of(), 1, true, 1, Write.NEVER));
    }
  }

  private SpoolJournal open(DirectoryLock lock, boolean syncs) throws IOException {
    return new SpoolJournal(directory, new OwnedIo(disk, lock), syncs, 0, FILE_BYTES);
  }

  private List<Long> read(Path from, long after) throws IOException {
    List<Long> numbers = new ArrayList<>();
    new JournalReader(from)
        .read(
            after,
            true,
            (writes, sequence) -> writes.forEach(each -> numbers.add(each.write().sequence())));
    return numbers;
  }

  private Path left(Fate fate) throws IOException {
    CrashImage image = new CrashImage(disk);
    image.advance(disk.operations(), disk.count());
    Path to = temp.resolve("left " + fate);
    image.writeAll(directory, to, fate, new Random(1));
    return to;
  }

  @Test
  void whatTheServerLacksIsOnDiskOnceTheStoreIsClosed() throws IOException {
    try (DirectoryLock lock = DirectoryLock.acquire(directory, Instant.EPOCH);
        SpoolJournal journal = open(lock, false)) {
      journal.append(new One(1), false);
      journal.append(new One(2), false);
      journal.forwarded(1);
    }

    for (Fate fate : Fate.values()) {
      assertThat(read(left(fate), 1)).as(fate.toString()).containsExactly(2L);
    }
  }

  @Test
  void aFileThatIsGoneSinceTheServerHadItIsNotMissingIfTheServerHasLostThat() throws IOException {
    try (DirectoryLock lock = DirectoryLock.acquire(directory, Instant.EPOCH);
        SpoolJournal journal = open(lock, false)) {
      for (int number = 1; number <= 10; number++) {
        journal.append(new One(number), false);
      }
      assertThat(JournalFiles.in(directory)).hasSizeGreaterThan(1);
      journal.forwarded(8);

      assertThat(read(directory, 8)).containsExactly(9L, 10L);
      List<Long> left = read(directory, 2);
      assertThat(left).endsWith(8L, 9L, 10L).doesNotContain(3L);
      Remainder lost = journal.remainder(2, 8);
      assertThat(lost.after()).isEqualTo(left.get(0) - 1);
      assertThat(lost.writes()).hasSize((int) (8 - lost.after()));
    }
  }

  @Test
  void aFileThatIsGoneThoughTheServerHasNotHadItIsMissing() throws IOException {
    try (DirectoryLock lock = DirectoryLock.acquire(directory, Instant.EPOCH);
        SpoolJournal journal = open(lock, false)) {
      for (int number = 1; number <= 10; number++) {
        journal.append(new One(number), false);
      }
      Path copy = left(Fate.KEPT);
      Files.delete(JournalFiles.file(copy, 1));

      assertThatThrownBy(() -> read(copy, 0))
          .isInstanceOf(CorruptStoreException.class)
          .hasMessageContaining("are missing before it");
    }
  }

  @Test
  void aRecordThatWasOnDiskAndIsDamagedIsNotTakenForOneThatWasBeingWritten() throws IOException {
    try (DirectoryLock lock = DirectoryLock.acquire(directory, Instant.EPOCH);
        SpoolJournal journal = open(lock, true)) {
      journal.append(new One(1), false);
      journal.append(new One(2), false);
      Path copy = left(Fate.KEPT);
      Path file = JournalFiles.file(copy, 1);
      byte[] bytes = Files.readAllBytes(file);
      bytes[JournalFiles.START.length + JournalRecord.HEAD_BYTES]++;
      Files.write(file, bytes);

      assertThatThrownBy(() -> read(copy, 0))
          .isInstanceOf(CorruptStoreException.class)
          .hasMessageContaining("a record is damaged that was on disk");
    }
  }

  @Test
  void whatTheServerHasIsThereAsLongAsTheLastFileIsSmall() throws IOException {
    try (DirectoryLock lock = DirectoryLock.acquire(directory, Instant.EPOCH);
        SpoolJournal journal =
            new SpoolJournal(directory, new OwnedIo(disk, lock), true, 0, 100 * FILE_BYTES)) {
      for (int number = 1; number <= 10; number++) {
        journal.append(new One(number), false);
        journal.forwarded(number);
      }

      Remainder lost = journal.remainder(4, 10);
      assertThat(lost.after()).isEqualTo(4);
      assertThat(lost.writes()).hasSize(6);
    }
    assertThat(JournalFiles.in(directory)).isEmpty();
  }

  @Test
  void whoseASpoolIsIsOnDiskOnceItIsWrittenAndWholeWhenever() throws IOException {
    SpoolIdentity identity = SpoolIdentity.create("a database");
    try (DirectoryLock lock = DirectoryLock.acquire(directory, Instant.EPOCH)) {
      identity.write(directory, new OwnedIo(disk, lock));
    }
    CrashImage image = new CrashImage(disk);
    Set<String> seen = new TreeSet<>();
    for (int count = 0; count <= disk.count(); count++) {
      image.advance(disk.operations(), count);
      for (Fate fate : Fate.values()) {
        Path to = temp.resolve("image " + count + fate);
        image.writeAll(directory, to, fate, new Random(1));
        boolean there = SpoolIdentity.read(to).map(identity::equals).orElse(false);
        assertThat(SpoolIdentity.read(to).isPresent()).isEqualTo(there);
        assertThat(there || count < disk.count()).as(fate + " after " + count).isTrue();
        seen.add(there ? "there" : "not yet");
      }
    }
    assertThat(seen).hasSize(2);
  }
}

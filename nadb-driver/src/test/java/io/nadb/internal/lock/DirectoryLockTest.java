package io.nadb.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.StoreLockedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets a directory whose lock is free, by what the note in it says. */
class DirectoryLockTest {
  @TempDir private Path temp;
  private Path directory;
  private FakeProc proc;

  @BeforeEach
  void make() throws IOException {
    directory = Files.createDirectory(temp.resolve("main"));
    proc = new FakeProc(temp.resolve("proc"));
    proc.process(20, "S", 500);
    proc.process(30, "S", 600);
  }

  private DirectoryLock acquire(Processes processes, String disk) throws IOException {
    return DirectoryLock.acquire(directory, Instant.EPOCH, processes, disk);
  }

  /** Leaves a directory as a process does that was killed, or that has lost its lock unawares. */
  private void leave(long pid, String namespace) throws IOException {
    Processes owner = proc.seenBy(pid, namespace);
    String note;
    try (DirectoryLock lock = acquire(owner, "ext4")) {
      lock.check();
      note = Files.readString(directory.resolve("nadb.owner"));
    }
    Files.writeString(directory.resolve("nadb.owner"), note);
  }

  private void replaceLockFile() throws IOException {
    Files.move(directory.resolve("nadb.lock"), temp.resolve("old-lock"));
  }

  @Test
  void whileTheOwnerHasTheFileOpenItIsRefusedThoughTheLockIsFree() throws IOException {
    leave(20, "n1");
    proc.opens(20, directory.resolve("nadb.lock"));

    assertThatThrownBy(() -> acquire(proc.seenBy(30, "n1"), "ext4"))
        .isInstanceOf(StoreLockedException.class)
        .hasMessage(
            directory
                + " is already open by another process (pid 20 on host here, since"
                + " 1970-01-01T00:00:00Z); one process at a time can use it");
  }

  @Test
  void theSameHoldsIfTheLockFileWasReplaced() throws IOException {
    leave(20, "n1");
    replaceLockFile();
    proc.opens(20, temp.resolve("old-lock"));

    assertThatThrownBy(() -> acquire(proc.seenBy(30, "n1"), "ext4"))
        .isInstanceOf(StoreLockedException.class)
        .hasMessageContaining("pid 20 on host here");
  }

  @Test
  void aRefusedOpeningLeavesTheOwnersNote() throws IOException {
    leave(20, "n1");
    proc.opens(20, directory.resolve("nadb.lock"));
    String note = Files.readString(directory.resolve("nadb.owner"));
    assertThatThrownBy(() -> acquire(proc.seenBy(30, "n1"), "ext4"));

    assertThat(directory.resolve("nadb.owner")).hasContent(note);
  }

  @Test
  void anOwnerThatLivesButHasLetGoKeepsNobodyOut() throws IOException {
    leave(20, "n1");

    try (DirectoryLock lock = acquire(proc.seenBy(30, "n1"), "ext4")) {
      assertThat(lock.isCertain()).isTrue();
    }
  }

  @Test
  void aKilledOwnerKeepsNobodyOut() throws IOException {
    leave(20, "n1");
    replaceLockFile();
    proc.end(20);

    try (DirectoryLock lock = acquire(proc.seenBy(30, "n1"), "nfs4")) {
      assertThat(lock.isCertain()).isTrue();
    }
  }

  @Test
  void aRestartedMachineKeepsNobodyOut() throws IOException {
    leave(20, "n1");
    replaceLockFile();
    proc.boot("b2");

    acquire(proc.seenBy(30, "n1"), "nfs4").close();
  }

  @Test
  void anotherContainersOwnerIsTakenToHaveEndedIfItsLockIsFree() throws IOException {
    leave(1, "n2");

    try (DirectoryLock lock = acquire(proc.seenBy(1, "n1"), "ext4")) {
      assertThat(lock.isCertain()).as("it may write yet").isFalse();
    }
  }

  @Test
  void anotherContainersOwnerWhoseLockFileIsNotThereIsAskedAbout() throws IOException {
    leave(1, "n2");
    replaceLockFile();

    assertThatThrownBy(() -> acquire(proc.seenBy(1, "n1"), "ext4"))
        .isInstanceOf(StoreLockedException.class)
        .hasMessage(
            directory
                + " was not closed by its last owner (pid 1 on host here, since"
                + " 1970-01-01T00:00:00Z): nadb.lock is not the file that it has locked, and"
                + " whether that process lives can't be seen from here. If it has ended, delete "
                + directory.resolve("nadb.owner")
                + " and open again; one process at a time can use it");
    Files.delete(directory.resolve("nadb.owner"));
    acquire(proc.seenBy(1, "n1"), "ext4").close();
  }

  @Test
  void anotherHostsOwnerOnASharedDiskIsAskedAbout() throws IOException {
    leave(20, "n1");
    proc.boot("b2");
    proc.host("there");

    assertThatThrownBy(() -> acquire(proc.seenBy(30, "n1"), "nfs4"))
        .isInstanceOf(StoreLockedException.class)
        .hasMessageContaining(
            "(pid 20 on host here, since 1970-01-01T00:00:00Z): on a disk that machines share (nfs4)"
                + " a free lock tells little, and whether that process lives can't be seen");
    acquire(proc.seenBy(30, "n1"), "ext4").close();
  }

  @Test
  void anOwnerThatHasClosedTheDirectoryKeepsNobodyOut() throws IOException {
    acquire(proc.seenBy(20, "n1"), "ext4").close();
    replaceLockFile();
    proc.boot("b2");
    proc.host("there");

    acquire(proc.seenBy(30, "n1"), "nfs4").close();
  }

  @Test
  void withoutANoteNobodyKnowsWhoElseWrites() throws IOException {
    leave(20, "n1");
    Files.delete(directory.resolve("nadb.owner"));

    try (DirectoryLock lock = acquire(proc.seenBy(30, "n1"), "ext4")) {
      assertThat(lock.isCertain()).isFalse();
    }
    try (DirectoryLock lock = acquire(proc.seenBy(30, "n1"), "ext4")) {
      assertThat(lock.isCertain()).isTrue();
    }
  }

  @Test
  void aNoteThatWasCopiedAlongIsAboutAnotherDirectory() throws IOException {
    leave(20, "n1");
    Path copy = Files.createDirectory(temp.resolve("copy"));
    for (String name : new String[] {"nadb.lock", "nadb.owner"}) {
      Files.copy(directory.resolve(name), copy.resolve(name));
    }
    proc.opens(20, directory.resolve("nadb.lock"));
    directory = copy;

    acquire(proc.seenBy(30, "n1"), "ext4").close();
    proc.boot("b2");
    proc.host("there");
    acquire(proc.seenBy(30, "n1"), "nfs4").close();
  }

  @Test
  void twoOfOneProcessAreToldApartByWhatTheyLock() throws IOException {
    Processes self = proc.seenBy(30, "n1");
    try (DirectoryLock lock = acquire(self, "ext4")) {
      lock.check();
      assertThatThrownBy(() -> acquire(self, "ext4"))
          .isInstanceOf(StoreLockedException.class)
          .hasMessageContaining("by another registry of this process (pid 30");
      replaceLockFile();
      proc.opens(30, temp.resolve("old-lock"));
      assertThatThrownBy(() -> acquire(self, "ext4"))
          .isInstanceOf(StoreLockedException.class)
          .hasMessageContaining("by another registry of this process (pid 30");
      lock.check();
    }
  }

  @Test
  void theKindsOfDiskThatMachinesShare() {
    for (String type : new String[] {"nfs", "NFS4", "cifs", "fuse.sshfs", "virtiofs", "ceph"}) {
      assertThat(SharedDisks.isShared(type)).as(type).isTrue();
    }
    for (String type : new String[] {"ext4", "xfs", "tmpfs", "overlay", "fuseblk", "apfs"}) {
      assertThat(SharedDisks.isShared(type)).as(type).isFalse();
    }
  }
}

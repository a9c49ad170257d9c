package io.nadb.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.spi.LocationLostException;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is changed in a directory that is not the owner's any more. */
class OwnedIoTest {
  @TempDir private Path temp;
  private Path directory;
  private Path file;
  private DirectoryLock lock;
  private OwnedIo io;
  private StorageIo.Output output;

  @BeforeEach
  void open() throws IOException {
    directory = Files.createDirectory(temp.resolve("main"));
    file = directory.resolve("file");
    lock = DirectoryLock.acquire(directory, Instant.EPOCH);
    io = new OwnedIo(StorageIo.system(), lock);
    output = io.create(file, 0);
    output.write(new byte[] {1, 2, 3}, 0, 3);
    output.sync();
  }

  @AfterEach
  void close() throws IOException {
    output.close();
    lock.close();
  }

  private void takeDirectory() throws IOException {
    Path note = directory.resolve("nadb.owner");
    String text = Files.readString(note);
    Files.writeString(note, text.replaceFirst("token: .*", "token: another's"));
  }

  private void assertRefused(ThrowingCallable change) {
    assertThatThrownBy(change)
        .isInstanceOf(LocationLostException.class)
        .hasMessageContaining(directory + " has been taken by pid ");
  }

  @Test
  void everyChangeIsRefusedInADirectoryOfSomebodyElse() throws IOException {
    io.check();
    takeDirectory();

    assertRefused(() -> io.create(directory.resolve("new"), 0));
    assertRefused(() -> io.open(file, 0, 0));
    assertRefused(() -> io.rewrite(file, 0, 0));
    assertRefused(() -> io.rename(file, directory.resolve("new")));
    assertRefused(() -> io.createDirectory(directory.resolve("new")));
    assertRefused(() -> io.delete(file));
    assertRefused(() -> output.setLength(0));
    assertRefused(io::check);
    assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(directory.resolve("new")).doesNotExist();
  }

  @Test
  void aSyncOfWhatWasWrittenThereIsNoSuccess() throws IOException {
    takeDirectory();

    assertRefused(output::sync);
  }

  @Test
  void aFileThatWasRenamedIsLookedForUnderItsNewName() throws IOException {
    Path renamed = directory.resolve("renamed");
    io.rename(file, renamed);
    output.sync();
    io.check();

    Files.delete(renamed);
    assertThatThrownBy(io::check)
        .isInstanceOf(LocationLostException.class)
        .hasMessageStartingWith(renamed + " is gone, which the store has written");
    assertThatThrownBy(() -> io.create(directory.resolve("new"), 0))
        .as("for good")
        .hasMessageStartingWith(renamed + " is gone");
  }

  @Test
  void aFileThatWasClosedMayBeDeleted() throws IOException {
    output.close();
    io.delete(file);

    io.check();
  }
}

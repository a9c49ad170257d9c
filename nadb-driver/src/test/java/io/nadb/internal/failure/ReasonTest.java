package io.nadb.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.NadbException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others say by a class or a bare word is said in words, with what to do. */
class ReasonTest {

  @Test
  void exceptionsOfFilesSayMoreThanThePath() {
    assertThat(Reason.of(new NoSuchFileException("/a")))
        .isEqualTo("/a: there is no such file or directory");
    assertThat(Reason.of(new AccessDeniedException("/a")))
        .isEqualTo("/a: permission denied; the user of this process must have access to it");
    assertThat(Reason.of(new FileAlreadyExistsException("/a")))
        .isEqualTo("/a: there is something of that name already");
    assertThat(Reason.of(new DirectoryNotEmptyException("/a")))
        .isEqualTo("/a: the directory is not empty");
    assertThat(Reason.of(new NotDirectoryException("/a"))).isEqualTo("/a: it is no directory");
    assertThat(Reason.of(new FileSystemLoopException("/a")))
        .isEqualTo("/a: the links go round in a circle");
    assertThat(Reason.of(new AtomicMoveNotSupportedException("/a", "/b", null)))
        .isEqualTo("/a -> /b: the file system can't rename in one step");
    assertThat(Reason.of(new FileSystemException("/a", null, "Too many open files")))
        .isEqualTo("/a: Too many open files; raise the limit of open files (ulimit -n)");
    assertThat(Reason.of(new FileSystemException("/a"))).isEqualTo("/a: FileSystemException");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "No space left on device",
        "Disk quota exceeded",
        "Read-only file system",
        "Permission denied",
        "/a (Too many open files)",
        "File too large",
        "Cannot allocate memory",
        "Input/output error",
        "Invalid argument",
        "Operation not supported",
        "Function not implemented",
        "No locks available",
        "Stale file handle",
        "File name too long",
        "can't map /a into memory: Map failed"
      })
  void whatTheSystemSaysComesWithARemedy(String message) {
    assertThat(Reason.of(new IOException(message)))
        .startsWith(message + "; ")
        .hasSizeGreaterThan(40);
  }

  @Test
  void errorsOfTheMachineAreExplained() {
    assertThat(Reason.of(new IOException("Map failed", new OutOfMemoryError("Map failed"))))
        .startsWith("Map failed; ")
        .contains("vm.max_map_count", "ulimit -v");
    assertThat(Reason.of(new OutOfMemoryError("Java heap space")))
        .isEqualTo("out of memory (Java heap space); the JVM's heap is too small (-Xmx)");
    assertThat(
            Reason.of(
                new InternalError(
                    "a fault occurred in a recent unsafe memory access operation in compiled Java"
                        + " code")))
        .startsWith("a page of a mapped file can't be read (a fault occurred")
        .endsWith("; the disk has an error there, or another program has cut the file");
  }

  @Test
  void exceptionsOfOtherLibrariesSayOfWhatKindTheyAre() {
    assertThat(Reason.of(new SQLException("locked"))).isEqualTo("SQLException: locked");
    assertThat(Reason.of(new DateTimeException("month 13")))
        .isEqualTo("java.time.DateTimeException: month 13");
    assertThat(Reason.of(new DataFormatException())).isEqualTo("java.util.zip.DataFormatException");
    assertThat(Reason.of(new EOFException())).isEqualTo("the file ends too early");
    assertThat(Reason.of(new ClosedChannelException()))
        .isEqualTo("the file or connection is closed");
    assertThat(Reason.of(new FileNotFoundException("/a (Is a directory)")))
        .isEqualTo("/a (Is a directory)");
    assertThat(Reason.of(new NadbException("store x: closed"))).isEqualTo("store x: closed");
    assertThat(Reason.of(new UncheckedIOException(null, new NoSuchFileException("/a"))))
        .isEqualTo("/a: there is no such file or directory");
  }

  @Test
  void whatTheJdkThrowsIsAmongIt(@TempDir Path directory) {
    Path gone = directory.resolve("gone");
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Files.size(gone)))
        .satisfies(
            e -> assertThat(Reason.of(e)).isEqualTo(gone + ": there is no such file or directory"));
  }
}

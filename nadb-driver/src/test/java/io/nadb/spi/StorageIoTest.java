package io.nadb.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine's own file system, and threads that are interrupted while they use it. */
class StorageIoTest {
  private final StorageIo io = StorageIo.system();
  @TempDir private Path directory;

  @Test
  void anInterruptedThreadWritesAndSyncsAndStaysInterrupted() throws IOException {
    Path file = directory.resolve("file");
    try (StorageIo.Output output = io.create(file, 8)) {
      output.write(new byte[] {1}, 0, 1);
      output.sync();
      Thread.currentThread().interrupt();
      output.write(new byte[] {2}, 0, 1);
      output.sync();
      output.write(new byte[] {3}, 0, 1);
      output.sync();
      assertThat(Thread.interrupted()).isTrue();
      output.write(new byte[] {4}, 0, 1);
      output.sync();
      output.setLength(4);
    }

    assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3, 4);
  }

  @Test
  void anInterruptedThreadSyncsADirectoryAndStaysInterrupted() throws IOException {
    Files.writeString(directory.resolve("file"), "");
    Thread.currentThread().interrupt();
    io.syncDirectory(directory);

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whereADirectoryCannotBeSyncedAsOnWindowsItIsLeftOut() throws IOException {
    URI archive = URI.create("jar:" + directory.resolve("any.zip").toUri());
    try (FileSystem other = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      assertThat(other.supportedFileAttributeViews()).doesNotContain("posix");
      assertThatNoException().isThrownBy(() -> io.syncDirectory(other.getPath("/")));
    }
  }
}

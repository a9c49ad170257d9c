package io.nadb.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A way to have the operating system refuse to store a byte more, in a JVM of its own. */
public enum FullDisk {
  /** A file system of a few megabytes that is filled by a file; needs the right to mount. */
  BALLAST("No space left on device") {
    @Override
    public List<String> launcher(Path directory) {
      return Mounts.launcher(directory, "size=4m");
    }

    @Override
    boolean isAvailable() {
      return Mounts.areAvailable();
    }

    @Override
    public void fill(Path directory) throws IOException {
      try (OutputStream out = Files.newOutputStream(ballast(directory))) {
        byte[] page = new byte[4096];
        while (true) {
          out.write(page);
        }
      } catch (IOException e) {
        assertThat(e).hasMessage(reason());
      }
    }

    @Override
    public void free(Path directory) throws IOException {
      Files.delete(ballast(directory));
    }
  },

  /** A limit on the length of files, which every process may set itself. */
  LIMIT("File too large") {
    @Override
    public List<String> launcher(Path directory) {
      return List.of();
    }

    @Override
    boolean isAvailable() {
      return true;
    }

    @Override
    public void fill(Path directory) throws IOException {
      limit("0:");
    }

    @Override
    public void free(Path directory) throws IOException {
      limit("unlimited:");
    }
  };

  private final String reason;

  FullDisk(String reason) {
    this.reason = reason;
  }

  /** The ways that this machine allows; there is always one. */
  public static Stream<FullDisk> available() {
    return Stream.of(values()).filter(FullDisk::isAvailable);
  }

  /** Starts a class's {@code main} where {@link #fill} works: in an empty directory. */
  public ChildJvm start(Path directory, Class<?> main, String... arguments) throws IOException {
    return ChildJvm.start(launcher(directory), main, arguments);
  }

  /** What the operating system says when it refuses. */
  public String reason() {
    return reason;
  }

  /** From now on nothing more can be stored; to be called in the JVM that was started. */
  public abstract void fill(Path directory) throws IOException;

  /** There is space again. */
  public abstract void free(Path directory) throws IOException;

  /** The command that the JVM's command is appended to. */
  public abstract List<String> launcher(Path directory);

  abstract boolean isAvailable();

  private static Path ballast(Path directory) {
    return directory.resolve("ballast");
  }

  private static void limit(String bytes) throws IOException {
    String pid = Long.toString(ProcessHandle.current().pid());
    Process process =
        new ProcessBuilder("prlimit", "--pid", pid, "--fsize=" + bytes).inheritIO().start();
    try {
      assertThat(process.waitFor()).isZero();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

package io.nadb.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a killed process leaves behind. */
public final class Crash {

  private Crash() {}

  /**
   * Copies the location of an open store as the operating system has it now. The lock file and the
   * metadata database stay out: closing them would give up the locks that this process has on them,
   * and both come back by themselves.
   */
  public static Path copy(Path source, Path target) throws IOException {
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        if (!name.equals("nadb.lock") && !name.startsWith("metadata.db")) {
          Files.copy(file, target.resolve(source.relativize(file).toString()));
        }
      }
    }
    return target;
  }
}

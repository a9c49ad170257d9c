package io.nadb.benchmarks.workload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The operating system's memory of what files hold. */
final class PageCache {
  private PageCache() {}

  /**
   * Writes the files of a directory to disk and forgets them.
   *
   * @return false where that cannot be asked for: {@code dd} of GNU coreutils is needed
   */
  static boolean drop(Path directory) throws IOException, InterruptedException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(directory)) {
      files = found.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      // With count=0, dd moves no byte; it syncs the file and advises that it is not needed.
      if (!run("dd", "of=" + file, "conv=notrunc,fdatasync", "count=0")
          || !run("dd", "if=" + file, "iflag=nocache", "count=0")) {
        return false;
      }
    }
    return true;
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}

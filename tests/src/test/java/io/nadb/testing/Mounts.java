package io.nadb.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** File systems that a process of a test sees alone, as far as the machine allows it. */
public final class Mounts {

  private Mounts() {}

  /**
   * The command that another one is appended to, which then finds an empty file system in place of
   * a directory.
   *
   * @param options as for {@code mount -o}
   */
  public static List<String> launcher(Path directory, String options) {
    return command(directory, options, canUnshare("--mount") ? "--mount" : "--map-root-user");
  }

  /** Whether this user may have a view of file systems of its own, and mount one there. */
  static boolean areAvailable() {
    return canUnshare("--mount") || canUnshare("--map-root-user");
  }

  private static List<String> command(Path directory, String options, String rights) {
    return List.of(
        "unshare",
        "--mount",
        rights,
        "sh",
        "-c",
        "mount -t tmpfs -o " + options + " none \"$0\" && exec \"$@\"",
        directory.toString());
  }

  private static boolean canUnshare(String rights) {
    try {
      Path directory = Files.createTempDirectory("nadb");
      List<String> command =
          Stream.concat(command(directory, "size=4m", rights).stream(), Stream.of("true")).toList();
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
      boolean can = builder.start().waitFor() == 0;
      Files.delete(directory);
      return can;
    } catch (IOException e) {
      return false; // There is no such command.
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

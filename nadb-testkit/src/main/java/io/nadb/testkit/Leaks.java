package io.nadb.testkit;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Finds what a test has left open. */
final class Leaks {
  static final String PREFIX = "leaked ";

  /** What to do if it is not the test that should have closed it. */
  private static final String OWNER =
      "\n(If it belongs to something that outlives the test, such as a cached application context,"
          + " give that a harness of its own, which it closes:"
          + " HarnessSettings.DEFAULT.withName(\"app\") and nadb:test:app:fs:./data)";

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private Leaks() {}

  /**
   * Finds handles that are open although nobody but the test could close them.
   *
   * @param known those that the harness closes
   */
  static List<String> ofHandles(SimulatedProcess life, Collection<RecordingStore> known) {
    return life.openHandles().stream()
        .filter(handle -> !known.contains(handle.getKey()))
        .map(
            handle ->
                leak("handle on " + handle.getKey().url(), handle.getValue())
                    + (isApplications(handle.getValue()) ? OWNER : ""))
        .toList();
  }

  private static boolean isApplications(Throwable opened) {
    return Arrays.stream(opened.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(TestDriver.class.getName()));
  }

  /** Finds threads and files that outlive the registry. */
  static List<String> ofTheRest(SimulatedProcess life, VirtualTime time, Path directory) {
    List<String> found = new ArrayList<>();
    time.running().forEach(owner -> found.add(PREFIX + "thread " + owner));
    life.disk().leaks().forEach(file -> found.add(leak("file " + file.getKey(), file.getValue())));
    descriptors(directory).forEach(file -> found.add(PREFIX + "file descriptor of " + file));
    return found;
  }

  private static String leak(String what, Throwable where) {
    StringWriter trace = new StringWriter();
    where.printStackTrace(new PrintWriter(trace));
    return PREFIX + what + ", " + trace.toString().replaceFirst("^[^:]*: ", "").stripTrailing();
  }

  /** The files below a directory that this process has open, as far as the system tells. */
  private static List<Path> descriptors(Path directory) {
    if (!Files.isDirectory(directory) || !Files.isDirectory(DESCRIPTORS)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path link : links) {
        target(link, directory, found);
      }
    } catch (IOException e) {
      return List.of();
    }
    return found;
  }

  private static void target(Path link, Path directory, List<Path> found) {
    try {
      Path target = Files.readSymbolicLink(link);
      if (target.startsWith(directory)) {
        found.add(target);
      }
    } catch (IOException e) {
      // Another thread has just closed it.
    }
  }
}

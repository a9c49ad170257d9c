package io.nadb.internal.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How much memory is left to the operating system's cache of files beside the heap of this process:
 * what its container allows, or else what the machine has, minus the maximum heap.
 *
 * <p>Linux says so, in the files of control groups (version 1 and 2) and in {@code /proc}.
 */
final class ProcessMemory {
  private static final String LINES_V2 = "0::";

  /** Of what is left, one part in so many goes to the JVM itself and to others. */
  private static final long OTHERS = 8;

  /** However large the heap may become, one part in so many of all memory is counted on. */
  private static final long AT_LEAST = 16;

  private final Path root;

  /** Looks into the files below a root directory. */
  ProcessMemory(Path root) {
    this.root = root;
  }

  /**
   * How much of a store's files can be expected to stay in memory, beside a heap that may become so
   * large; {@link Long#MAX_VALUE} if the operating system does not say how much there is.
   */
  long forFiles(long maxHeapBytes) {
    long all = Math.min(containerLimit(), machine());
    if (all == Long.MAX_VALUE) {
      return all;
    }
    long rest = all - maxHeapBytes;
    return Math.max(all / AT_LEAST, rest - rest / OTHERS);
  }

  private long machine() {
    for (String line : lines(root.resolve("proc/meminfo"))) {
      String[] words = line.split("\\s+", -1);
      if (words.length >= 2 && words[0].equals("MemTotal:")) {
        return number(words[1]).map(kilobytes -> kilobytes << 10).orElse(Long.MAX_VALUE);
      }
    }
    return Long.MAX_VALUE;
  }

  private long containerLimit() {
    long limit = Long.MAX_VALUE;
    Path groups = root.resolve("sys/fs/cgroup");
    for (String line : lines(root.resolve("proc/self/cgroup"))) {
      String[] parts = line.split(":", 3);
      if (line.startsWith(LINES_V2)) {
        limit = Math.min(limit, least(groups, parts[2], "memory.max"));
      } else if (parts.length == 3 && List.of(parts[1].split(",", -1)).contains("memory")) {
        limit = Math.min(limit, least(groups.resolve("memory"), parts[2], "memory.limit_in_bytes"));
      }
    }
    return limit;
  }

  /**
   * The least of a group's limit and of those around it. In a container, its own group may be
   * mounted where the path says nothing of it.
   */
  private static long least(Path mount, String path, String file) {
    long least = Long.MAX_VALUE;
    @Nullable Path group = mount.resolve(path.substring(Math.min(1, path.length()))).normalize();
    while (group != null && group.startsWith(mount)) {
      for (String line : lines(group.resolve(file))) {
        least = Math.min(least, number(line.strip()).orElse(Long.MAX_VALUE)); // or it says "max"
      }
      group = group.getParent();
    }
    return least;
  }

  private static Optional<Long> number(String text) {
    return text.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      return List.of(); // A file that says nothing limits nothing.
    }
  }
}

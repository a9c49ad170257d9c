package io.nadb.benchmarks.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A control group of Linux that limits the memory of the processes in it. */
final class MemoryGroup implements AutoCloseable {
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");
  private static final int ATTEMPTS = 100;
  private static final int PAUSE_MILLIS = 20;

  private final Path group;
  private final Path members;

  private MemoryGroup(Path group, String members) {
    this.group = group;
    this.members = group.resolve(members);
  }

  /** Makes a group; null where that can't be done. */
  static @Nullable MemoryGroup create(long bytes) {
    String name = "nadb-bench-" + ProcessHandle.current().pid();
    Path first = GROUPS.resolve("memory");
    try {
      if (Files.exists(first.resolve("memory.limit_in_bytes"))) {
        Path group = Files.createDirectories(first.resolve(name));
        Files.writeString(group.resolve("memory.limit_in_bytes"), "" + bytes);
        return new MemoryGroup(group, "cgroup.procs");
      }
      Files.writeString(GROUPS.resolve("cgroup.subtree_control"), "+memory");
      Path group = Files.createDirectories(GROUPS.resolve(name));
      Files.writeString(group.resolve("memory.max"), "" + bytes);
      return new MemoryGroup(group, "cgroup.procs");
    } catch (IOException e) {
      return null;
    }
  }

  /** The same command, in the group. */
  List<String> command(List<String> command) {
    List<String> inGroup = new ArrayList<>();
    inGroup.addAll(List.of("sh", "-c", "echo $$ > '" + members + "' && exec \"$@\"", "sh"));
    inGroup.addAll(command);
    return inGroup;
  }

  /** Removes the group, whose processes have ended. */
  @Override
  public void close() {
    try {
      for (int attempt = 0; attempt < ATTEMPTS && !group.toFile().delete(); attempt++) {
        Thread.sleep(PAUSE_MILLIS); // The kernel takes a moment to let the last process go.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

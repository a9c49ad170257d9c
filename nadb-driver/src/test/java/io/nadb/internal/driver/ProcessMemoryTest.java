package io.nadb.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessMemoryTest {
  private static final long GB = 1L << 30;

  @TempDir Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  /** Seven eighths of so much. */
  private static long most(long bytes) {
    return bytes - bytes / 8;
  }

  private long forFiles(long maxHeap) {
    return new ProcessMemory(root).forFiles(maxHeap);
  }

  @Test
  void withoutAContainerTheMachinesMemoryCountsLessTheHeap() throws IOException {
    write("proc/meminfo", "MemTotal:       16777216 kB\nMemFree:  1 kB\n");
    write("proc/self/cgroup", "0::/user.slice\n");
    assertThat(forFiles(4 * GB)).isEqualTo(most(12 * GB));
  }

  @Test
  void whereNothingIsSaidNothingIsLimited() throws IOException {
    assertThat(forFiles(GB)).isEqualTo(Long.MAX_VALUE);
    write("proc/meminfo", "MemTotal: much\n");
    assertThat(forFiles(GB)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aGroupOfVersion2LimitsAndSoDoThoseAroundIt() throws IOException {
    write("proc/meminfo", "MemTotal: 16777216 kB\n");
    write("proc/self/cgroup", "0::/pods/one\n");
    write("sys/fs/cgroup/pods/one/memory.max", "max\n");
    write("sys/fs/cgroup/pods/memory.max", 2 * GB + "\n");
    assertThat(forFiles(GB)).isEqualTo(most(GB));
    write("sys/fs/cgroup/pods/one/memory.max", GB + "\n");
    assertThat(forFiles(GB / 2)).isEqualTo(most(GB / 2));
  }

  @Test
  void aGroupOfVersion1Limits() throws IOException {
    write("proc/meminfo", "MemTotal: 16777216 kB\n");
    write("proc/self/cgroup", "5:cpu,cpuacct:/other\n4:memory:/pods/one\n0::/\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    write("sys/fs/cgroup/memory/pods/one/memory.limit_in_bytes", 3 * GB + "\n");
    assertThat(forFiles(GB)).isEqualTo(most(2 * GB));
  }

  @Test
  void aContainerMayHaveItsOwnGroupWhereThePathSaysNothingOfIt() throws IOException {
    write("proc/meminfo", "MemTotal: 16777216 kB\n");
    write("proc/self/cgroup", "4:memory:/docker/0123\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", 3 * GB + "\n");
    assertThat(forFiles(GB)).isEqualTo(most(2 * GB));
    write("proc/self/cgroup", "0::/../../docker/0123\n");
    write("sys/fs/cgroup/memory.max", 2 * GB + "\n");
    assertThat(forFiles(GB)).as("of a path that leads out").isGreaterThan(GB);
  }

  @Test
  void aHeapThatMayTakeAllLeavesASixteenth() throws IOException {
    write("proc/meminfo", "MemTotal: 16777216 kB\n");
    assertThat(forFiles(20 * GB)).isEqualTo(GB);
  }
}

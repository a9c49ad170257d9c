package io.nadb.internal.log.segment;

import static io.nadb.testing.Bytes.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.internal.codec.Codec;
import io.nadb.internal.log.LogBackend;
import io.nadb.internal.log.NewLogs;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.internal.log.format.Content;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StorageBackend.Load;
import io.nadb.spi.StorageIo;
import io.nadb.spi.Write;
import io.nadb.testing.InMemory;
import io.nadb.testing.MapCut;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whether segments are mapped follows the log's length. */
@EnabledOnOs(OS.LINUX)
class ContentSourceTest {
  private static final int SEGMENT_BYTES = 64 << 10;
  private static final long MEMORY_BYTES = 256 << 10;
  private static final int VALUE_BYTES = 1000;

  @TempDir(factory = InMemory.class)
  Path directory;

  private LogBackend backend;
  private long sequence;

  @BeforeEach
  void open() throws IOException {
    backend =
        LogBackend.open(
            directory,
            new LogSettings(SEGMENT_BYTES, Codec.NONE, false, MEMORY_BYTES),
            StorageIo.system(),
            new VirtualTime());
  }

  @AfterEach
  void close() throws IOException {
    backend.close();
    assertThat(maps()).isZero();
    assertThat(channels()).isZero();
  }

  private void set(int from, int to) throws IOException {
    for (int key = from; key < to; key++) {
      write(key, Write.set(++sequence, random(VALUE_BYTES), Set.of(), 0, false, 0, Write.NEVER));
    }
  }

  private void write(int key, Write write) throws IOException {
    backend.apply(
        new MapCut(sequence, Map.of("default", new TreeMap<>(Map.of("k" + key, write)))), true);
    while (backend.maintain(Load.BUSY) == StorageBackend.AT_ONCE) {}
  }

  private void readAll(int keys) throws IOException {
    for (int key = 0; key < keys; key++) {
      assertThat(backend.value("default", "k" + key, () -> 0)).hasSize(VALUE_BYTES);
    }
  }

  private long maps() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(line -> line.contains(directory + "/log")).count();
    }
  }

  private long channels() throws IOException {
    long count = 0;
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path each : descriptors.toList()) {
        String target = Files.exists(each) ? Files.readSymbolicLink(each).toString() : "";
        count += target.startsWith(directory + "/log") ? 1 : 0;
      }
    }
    return count;
  }

  @Test
  void aLogIsMappedUntilItOutgrowsMemoryAndAgainWhenItHasShrunk() throws IOException {
    set(0, 100);
    readAll(100);
    assertThat(maps()).isGreaterThan(1);
    set(100, 300);
    readAll(300);
    assertThat(maps()).isZero();
    assertThat(channels()).isGreaterThan(4);

    backend.close();
    open();
    readAll(300);
    assertThat(maps()).as("after it was opened anew").isZero();

    for (int key = 50; key < 300; key++) {
      write(key, Write.delete(++sequence, 0));
    }
    while (backend.maintain(Load.IDLE) == StorageBackend.AT_ONCE) {}
    readAll(50);
    assertThat(backend.stats().totalBytes()).isLessThan(MEMORY_BYTES / 2);
    assertThat(maps()).as("of all but perhaps the last segment").isPositive();
    assertThat(channels()).as("of that, for reading and writing").isLessThanOrEqualTo(2);
  }

  @Test
  void aSegmentWhoseNameAnotherFileHasIsReadAsItWas() throws IOException {
    Path file = Files.write(directory.resolve("a"), new byte[] {1});
    SegmentSet state = NewLogs.state(directory, StorageIo.system());
    MappedFile map = MappedFile.map(file, 1);
    Segment segment = new Segment(state.nextHandle(), file, state.header(1, 0, 0), map, 1);
    state.add(segment);
    segment.loseName();
    Path other = Files.write(directory.resolve("b"), new byte[] {2});
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

    new ContentSource(0).step(state, null);

    assertThat(segment.content().byteAt(0)).isEqualTo((byte) 1);
    segment.content().close();
  }

  @Test
  void betweenTheLimitsALogIsReadAsItWas() {
    ContentSource source = new ContentSource(1000);
    source.logHas(999);
    assertThat(isMapped(source)).isTrue();
    source.logHas(1000);
    assertThat(isMapped(source)).isFalse();
    source.logHas(751);
    assertThat(isMapped(source)).isFalse();
    source.logHas(750);
    assertThat(isMapped(source)).isTrue();
    source.logHas(999);
    assertThat(isMapped(source)).isTrue();
  }

  private boolean isMapped(ContentSource source) {
    try {
      Path file = Files.write(directory.resolve("any"), new byte[8]);
      Content content = source.open(file, 8);
      content.close();
      return content instanceof MappedFile;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

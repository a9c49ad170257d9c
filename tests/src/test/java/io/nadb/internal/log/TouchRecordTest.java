package io.nadb.internal.log;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.internal.codec.Codec;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.spi.StorageIo;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import io.nadb.testing.MapCut;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a touch in the log. */
class TouchRecordTest {
  @TempDir Path directory;
  private LogBackend backend;

  @BeforeEach
  void open() throws IOException {
    open(Codec.NONE);
  }

  private void open(Codec codec) throws IOException {
    LogSettings settings = new LogSettings(1 << 16, codec, false, Long.MAX_VALUE);
    backend = LogBackend.open(directory, settings, StorageIo.system(), new VirtualTime());
  }

  @AfterEach
  void close() throws IOException {
    backend.close();
  }

  private void apply(Write write) throws IOException {
    backend.apply(new MapCut(write.sequence(), Map.of("space", Map.of("key", write))), true);
  }

  private static Write set(long sequence, String value) {
    return Write.set(sequence, utf8(value), Set.of("tag"), 5, true, 6, Write.NEVER);
  }

  private static Write touch(long sequence, long touched, String value, boolean atHand) {
    byte[] bytes = utf8(value);
    return Write.touch(
        sequence, touched, bytes.length, atHand ? bytes : null, Set.of("tag"), 7, true, 6, 100);
  }

  private void expect(String value, long sequence) throws IOException {
    for (int life = 0; life < 2; life++) {
      assertThat(backend.value("space", "key", () -> 99)).isEqualTo(utf8(value));
      assertThat(backend.value("space", "key", () -> 100)).isNull();
      assertThat(backend.entry("space", "key"))
          .isEqualTo(
              new StoredEntry("key", sequence, utf8(value).length, 5, 6, 100, Set.of("tag")));
      backend.close();
      open();
    }
  }

  @ParameterizedTest
  @EnumSource
  void itHasTheValueOfTheRecordBeforeHoweverItIsCompressed(Codec codec) throws IOException {
    backend.close();
    open(codec);
    String value = "value ".repeat(1000);
    apply(set(1, value));
    long before = backend.stats().totalBytes();
    apply(touch(2, 1, value, false));
    apply(touch(3, 2, value, true));
    assertThat(backend.stats().totalBytes() - before).isLessThan(2 * 250);
    expect(value, 3);
  }

  @Test
  void aTouchOfWhatTheLogDoesNotHaveIsWrittenWhole() throws IOException {
    apply(set(1, "one"));
    apply(touch(8, 7, "two", true));
    expect("two", 8);
  }

  @Test
  void aTouchWithoutAValueOfWhatIsNotThereIsRefusedAndTheLogGoesOn() throws IOException {
    assertThatThrownBy(() -> apply(touch(2, 1, "none", false)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a touch has no value of its own");
    assertThat(backend.entry("space", "key")).isNull();
    apply(set(3, "three"));
    apply(touch(4, 3, "three", false));
    expect("three", 4);
  }
}

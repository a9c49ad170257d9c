package io.nadb.internal.log.segment;

import static io.nadb.testing.Bytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.NadbException;
import io.nadb.internal.log.format.SegmentFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is read by position, while threads are interrupted and files lose their names. */
class PositionedFileTest {
  private static final int LENGTH = 1_000_000;

  @TempDir Path directory;
  private final byte[] content = random(LENGTH);
  private Path path;
  private PositionedFile file;

  @BeforeEach
  void write() throws IOException {
    path = Files.write(directory.resolve("file"), content);
    file = new PositionedFile(path);
  }

  @AfterEach
  void close() {
    Thread.interrupted();
    file.close();
  }

  private byte[] read(long offset, int length) {
    byte[] bytes = new byte[length + 2];
    file.get(offset, bytes, 1, length);
    return Arrays.copyOfRange(bytes, 1, length + 1);
  }

  private void assertContent(int from, int length) {
    assertThat(read(from, length)).isEqualTo(Arrays.copyOfRange(content, from, from + length));
  }

  @Test
  void itReadsWhatIsAskedFor() {
    assertContent(0, 0);
    assertContent(0, LENGTH);
    assertContent(12_345, 192);
    assertThat(file.byteAt(77)).isEqualTo(content[77]);
    assertThat(file.intAt(77)).isEqualTo((int) SegmentFormat.INT.get(content, 77));
  }

  @Test
  void whatIsBeyondTheEndIsAnErrorThatNamesFileAndOffset() {
    assertThatThrownBy(() -> read(LENGTH - 10, 11))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("can't read " + path + " at offset " + (LENGTH - 10))
        .hasMessageContaining("it ends at offset " + LENGTH);
  }

  @Test
  void anInterruptedThreadReadsAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    assertContent(5, 100);
    assertThat(Thread.interrupted()).isTrue();
    assertContent(5, 100);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void interruptionsInTheMidstOfReadsHarmNobody() throws Exception {
    readWhileInterrupted(() -> {});
  }

  @Test
  void norDoTheyAfterTheNameHasGoneToAnotherFile() throws Exception {
    file.detach();
    Path other = Files.write(directory.resolve("other"), new byte[LENGTH]);
    Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
    readWhileInterrupted(() -> {});
  }

  @Test
  void aFileIsReadByItsNewName() throws Exception {
    Path renamed = directory.resolve("renamed");
    readWhileInterrupted(
        () -> {
          Files.move(path, renamed);
          file.renamed(renamed);
        });
  }

  /** Something that may fail. */
  private interface Act {
    void run() throws IOException;
  }

  private void readWhileInterrupted(Act before) throws Exception {
    before.run();
    AtomicReference<Thread> interrupted = new AtomicReference<>();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<?> victim =
          threads.submit(
              () -> {
                interrupted.set(Thread.currentThread());
                int seen = 0;
                for (int i = 0; seen < 200; i++) {
                  assertContent(i % 1000, 300_000);
                  seen += Thread.interrupted() ? 1 : 0;
                }
                interrupted.set(null);
              });
      Future<?> bystander =
          threads.submit(
              () -> {
                while (!victim.isDone()) {
                  assertContent(7, 500);
                  assertThat(Thread.currentThread().isInterrupted()).isFalse();
                }
              });
      while (!victim.isDone()) {
        Thread thread = interrupted.get();
        if (thread != null) {
          thread.interrupt();
        }
        Thread.onSpinWait();
      }
      victim.get();
      bystander.get();
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void whatWasClosedIsNotOpenedAgain() {
    assertContent(0, 10);
    file.close();
    assertThatThrownBy(() -> read(0, 10)).hasMessageContaining("it has been closed");
    file.close();
  }
}

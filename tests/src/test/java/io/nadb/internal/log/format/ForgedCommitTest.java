package io.nadb.internal.log.format;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.testing.Crash;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A value made by somebody who knows the format of the log, but not its secret. */
class ForgedCommitTest {
  private static final int SIZE = 4096;
  private static final byte MARK = 0x5a;

  @TempDir Path temp;
  private final StoreRegistry registry = StoreRegistry.create(new VirtualTime());
  private long boundary;

  @AfterEach
  void close() {
    registry.close();
  }

  /** Writes a good cut, and another one with the value; leaves what a kill would leave. */
  private Path killedWith(String name, byte[] value) throws IOException {
    Path killed = temp.resolve(name + "-killed");
    try (KeyValueStore store = registry.open("nadb:fs:" + temp.resolve(name) + "?flush=off")) {
      store.set("good", utf8("value"));
      store.flush();
      boundary = store.stats().totalBytes();
      store.set("evil", value);
      store.flush();
      return Crash.copy(temp.resolve(name), killed);
    }
  }

  private static Path segment(Path directory) {
    return directory.resolve("main/log/0000000001.seg");
  }

  @Test
  void aTornValueThatHoldsAForgedCommitIsTornAndNotDamage() throws IOException {
    byte[] marks = new byte[SIZE];
    Arrays.fill(marks, MARK);
    byte[] probe = Files.readAllBytes(segment(killedWith("probe", marks)));
    int start = 0;
    while (!Arrays.equals(probe, start, start + SIZE, marks, 0, SIZE)) {
      start++;
    }
    int at = (int) SegmentFormat.padded(start);
    byte[] forged = new byte[SIZE];
    CutWriter.putCommit(
        forged,
        at - start,
        new SegmentScanner.Commit(1, 2, boundary, Long.MAX_VALUE, 3, 0),
        at,
        new KeyHasher(1, 2));

    Path killed = killedWith("store", forged);
    byte[] torn = Files.readAllBytes(segment(killed));
    Arrays.fill(torn, at + SegmentFormat.COMMIT_BYTES + 8, torn.length, (byte) 0);
    Files.write(segment(killed), torn);
    try (KeyValueStore store = registry.open("nadb:fs:" + killed)) {
      assertThat(store.keys("")).containsExactly("good");
    }
  }
}

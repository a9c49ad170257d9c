package io.nadb.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.Durability;
import io.nadb.spi.Write;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Batches are numbered, merged into cuts, wait for room, and come whole or not at all. */
class WriteBufferTest extends SmallBuffer {
  @Test
  void whatTheBackendIsGivenNeverChangesAnyMore() {
    WriteBuffer written = buffer(Durability.WRITTEN);
    MemTable taken = written.takeUnwritten();
    written.commit(set("a", 1));
    assertThat(taken.isEmpty()).as("taken before anything was written").isTrue();
    assertThat(written.takeUnwritten().size()).isEqualTo(1);
    WriteBuffer.Sealed sealed = Objects.requireNonNull(written.seal());
    written.commit(set("b", 1));
    assertThat(sealed.unwritten().isEmpty()).as("sealed when all was written").isTrue();
    assertThat(sealed.all().size()).isEqualTo(1);
    assertThat(written.takeUnwritten().sequence()).isEqualTo(2);
  }

  @Test
  void theWritesOfABatchAreNumberedInARowAndOfOneCut() {
    WriteBuffer written = buffer(Durability.WRITTEN);
    written.commit(set("b", 1));
    Map<String, Map<String, Write>> writes = new LinkedHashMap<>();
    writes.put("n", new LinkedHashMap<>());
    writes.get("n").put("a", write(10));
    writes.get("n").put("b", Write.delete(0, NOW));
    writes.put("m", Map.of("a", write(20)));
    assertThat(written.commit(WriteBatch.of(writes, List.of()))).isEqualTo(4);
    assertThat(written.sequence()).isEqualTo(4);

    for (MemTable cut :
        List.of(written.takeUnwritten(), Objects.requireNonNull(written.seal()).all())) {
      List<String> seen = new ArrayList<>();
      cut.forEach(
          (namespace, key, write) -> seen.add(namespace + " " + key + " " + write.sequence()));
      assertThat(seen).containsExactlyInAnyOrder("n a 2", "n b 3", "m a 4");
      assertThat(cut.sequence()).isEqualTo(4);
      assertThat(cut.size()).isEqualTo(3);
      assertThat(cut.bytes()).isEqualTo(3L * MemTable.MIN_CHARGE);
      assertThat(cut.contentBytes()).isEqualTo(3 + 3 + 10 + 20);
    }
  }

  @Test
  void aBatchIsMergedWholeIntoTheCutAfterOneThatFailed() {
    buffer.commit(set("a", 1));
    assertThat(buffer.seal()).isNotNull();
    buffer.commit(deletes("a", "b"));
    MemTable cut = Objects.requireNonNull(buffer.seal()).all();
    assertThat(cut.size()).isEqualTo(2);
    assertThat(cut.sequence()).isEqualTo(3);
    assertThat(cut.get("n", "a")).isNotNull().matches(Write::isDelete);
    assertThat(cut.get("n", "b")).isNotNull().matches(Write::isDelete);
  }

  @Test
  void anEntryKeepsItsCreationTimeWhenABatchOverwritesIt() {
    buffer.commit(WriteBatch.set("n", "a", new byte[1], Set.of(), NOW - 1, Write.NEVER));
    buffer.commit(WriteBatch.of(Map.of("n", Map.of("a", write(1))), List.of()));
    assertThat(latest("a")).isNotNull().extracting(Write::created).isEqualTo(NOW - 1);
  }

  @Test
  void aBatchOfWhichAWriteCanNotBeMadeLeavesNoTrace() {
    WriteBuffer written = buffer(Durability.WRITTEN);
    written.commit(set("b", 1));
    Map<String, Write> writes = new LinkedHashMap<>();
    writes.put("a", write(1));
    writes.put("b", write(1));
    writes.put("c", null);
    WriteBatch broken = WriteBatch.unlimited(Map.of("n", writes), List.of());
    assertThatThrownBy(() -> written.commit(broken)).isInstanceOf(NullPointerException.class);

    assertThat(written.sequence()).isEqualTo(1);
    assertThat(written.layers().latest("n", "a")).isNull();
    List<String> seen = new ArrayList<>();
    written.layers().active().forEach("n", (key, write) -> seen.add(key + write.sequence()));
    assertThat(seen).containsExactly("b1");
    assertThat(written.commit(set("a", 1))).as("the next number").isEqualTo(2);
    MemTable cut = Objects.requireNonNull(written.seal()).all();
    seen.clear();
    cut.forEach((namespace, key, write) -> seen.add(key + write.sequence()));
    assertThat(seen).containsExactlyInAnyOrder("b1", "a2");
    assertThat(cut.size()).isEqualTo(2);
    assertThat(cut.bytes()).isEqualTo(2L * MemTable.MIN_CHARGE);
    assertThat(cut.contentBytes()).isEqualTo(2 + 2 + 2);
  }

  @Test
  void aBatchWaitsForRoomForAllOfItAndTakesItOnce() throws InterruptedException {
    buffer.commit(set("first", 1000));
    Map<String, Write> writes = Map.of("a", write(600), "b", write(600));
    Thread writer = writer(WriteBatch.of(Map.of("n", writes), List.of()));
    time.awaitWaiting(1);
    assertThat(latest("a")).isNull();
    assertThat(latest("b")).isNull();
    flush();
    writer.join();
    assertThat(buffer.sequence()).isEqualTo(3);
    assertThat(buffer.commit(set("rest", CAP - 1202 - 4))).as("there is room").isEqualTo(4);
    assertThat(buffer.stalls()).isEqualTo(1);
  }

  @Test
  void aBatchWithoutLimitDoesNotWaitForRoomNorForThoseWhoDo() throws InterruptedException {
    buffer.commit(set("first", CAP));
    Thread waiting = writer(set("second", CAP));
    time.awaitWaiting(1);
    assertThat(buffer.commit(deletes("a", "b"))).isEqualTo(3);
    flush();
    waiting.join();
    assertThat(latest("second")).isNotNull();
  }

  @Test
  void whoStillWaitsAfterAnotherWasAdmittedKeepsTheBufferFull() throws InterruptedException {
    buffer.commit(set("first", 1900));
    assertThat(buffer.isFull()).as("1905 bytes are more than half of the cap").isTrue();
    assertThat(buffer.seal()).isNotNull();
    assertThat(buffer.isFull()).as("sealed").isFalse();
    Thread small = writer(set("small", 400));
    time.awaitWaiting(1);
    Thread large = writer(set("large", 1900));
    time.awaitWaiting(2);
    buffer.drop();
    small.join();
    assertThat(buffer.layers().active().bytes()).isLessThan(CAP / 2);
    assertThat(buffer.isFull()).as("the large one waits for a flush").isTrue();
    flush();
    large.join();
    assertThat(latest("large")).isNotNull();
    assertThat(latest("small")).isNull();
  }

  @Test
  void aClosedBufferTakesNothing() {
    buffer.close("close was called");
    assertThat(buffer.isClosed()).isTrue();
    for (WriteBatch batch : List.of(set("k", 1), deletes("a", "b"))) {
      assertThatThrownBy(() -> buffer.commit(batch))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("store is closed: test (close was called)");
    }
    assertThat(buffer.isEmpty()).isTrue();
  }
}

package io.nadb.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.Durability;
import io.nadb.spi.Write;
import io.nadb.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WriteBufferTest {
  private static final int CAP = 2048;
  private static final long NOW = 1000;

  private final ManualTime time = new ManualTime();
  private final WriteBuffer buffer = buffer(Durability.BUFFERED);

  private WriteBuffer buffer(Durability durability) {
    return new WriteBuffer(
        new EngineSettings(
            "test",
            CAP / 2,
            Optional.empty(),
            Optional.empty(),
            durability,
            Duration.ofSeconds(30)),
        time,
        0,
        () -> {});
  }

  private static WriteBatch set(String key, int bytes) {
    return WriteBatch.set("n", key, new byte[bytes], Set.of(), NOW, Write.NEVER);
  }

  private static Write write(int bytes) {
    return Write.set(0, new byte[bytes], Set.of(), NOW, true, NOW, Write.NEVER);
  }

  private static WriteBatch deletes(String... keys) {
    Map<String, Write> writes = new LinkedHashMap<>();
    for (String key : keys) {
      writes.put(key, Write.delete(0, NOW));
    }
    return WriteBatch.unlimited(Map.of("n", writes), List.of());
  }

  private Thread writer(Proposal proposal) {
    Thread thread = new Thread(() -> buffer.commit(proposal));
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private @Nullable Write latest(String key) {
    return buffer.layers().latest("n", key);
  }

  private void flush() {
    assertThat(buffer.seal()).isNotNull();
    buffer.drop();
  }

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
    time.untilWaiting(1);
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
    time.untilWaiting(1);
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
    time.untilWaiting(1);
    Thread large = writer(set("large", 1900));
    time.untilWaiting(2);
    buffer.drop();
    small.join();
    assertThat(buffer.layers().active().bytes()).isLessThan(CAP / 2);
    assertThat(buffer.isFull()).as("the large one waits for a flush").isTrue();
    flush();
    large.join();
    assertThat(latest("large")).isNotNull();
    assertThat(latest("small")).isNull();
  }

  /** Proposes to set a key if it has not changed, and says how often it was asked. */
  private final class Looking implements Proposal {
    private final String key;
    private int asked;
    private Runnable afterLook = () -> {};

    Looking(String key) {
      this.key = key;
    }

    @Override
    public WriteBatch propose() {
      asked++;
      long asOf = buffer.sequence();
      Write seen = latest(key);
      afterLook.run();
      afterLook = () -> {};
      Precondition unchanged =
          seen == null || seen.isGoneAt(NOW)
              ? new Precondition.Absent("n", key, asOf, NOW)
              : new Precondition.Unchanged("n", key, asOf, seen.sequence());
      return WriteBatch.set(new byte[10], Set.of(), NOW, Write.NEVER, unchanged);
    }
  }

  private int asked(String key, Runnable afterLook) {
    Looking proposal = new Looking(key);
    proposal.afterLook = afterLook;
    assertThat(buffer.commit(proposal)).isEqualTo(buffer.sequence());
    return proposal.asked;
  }

  @Test
  void aBatchIsProposedAnewIfWhatItDependsOnHasChanged() {
    assertThat(asked("k", () -> {})).as("absent still").isEqualTo(1);
    assertThat(asked("k", () -> {})).as("there still").isEqualTo(1);
    assertThat(asked("k", () -> buffer.commit(set("k", 1)))).as("replaced").isEqualTo(2);
    assertThat(asked("k", () -> buffer.commit(deletes("k", "x")))).as("deleted").isEqualTo(2);
    buffer.commit(deletes("k"));
    assertThat(asked("k", () -> buffer.commit(set("k", 1)))).as("no more deleted").isEqualTo(2);
    assertThat(asked("new", () -> buffer.commit(set("new", 1)))).as("no more absent").isEqualTo(2);
  }

  @Test
  void anEntryThatHadExpiredMayBeRemovedBeforeAnotherTakesItsPlace() {
    buffer.commit(WriteBatch.set("n", "k", new byte[1], Set.of(), NOW - 1, NOW));
    assertThat(asked("k", () -> buffer.commit(deletes("k")))).isEqualTo(1);
  }

  @Test
  void cutsDoNotDisturbABatchUnlessWritesAfterItsLookHaveLeftTheBuffer() {
    buffer.commit(set("k", 1));
    assertThat(asked("k", buffer::seal)).as("in the sealed layer").isEqualTo(1);
    assertThat(asked("k", this::flush)).as("left as it was seen").isEqualTo(1);
    assertThat(asked("new", this::flush)).as("earlier writes of others left").isEqualTo(1);
    buffer.commit(set("earlier", 1));
    assertThat(buffer.seal()).isNotNull();
    assertThat(
            asked(
                "absent",
                () -> {
                  buffer.commit(set("later", 1));
                  buffer.drop();
                }))
        .as("a later write is still in the buffer")
        .isEqualTo(1);
    assertThat(
            asked(
                "k",
                () -> {
                  buffer.commit(set("other", 1));
                  flush();
                }))
        .as("a later write left, which might have been one of the key")
        .isEqualTo(2);
    assertThat(
            asked(
                "k",
                () -> {
                  buffer.commit(set("k", 1));
                  buffer.seal();
                }))
        .as("replaced, in the sealed layer")
        .isEqualTo(2);
  }

  @Test
  void aBatchMayDependOnKeysThatItDoesNotWrite() {
    buffer.commit(set("read", 1));
    Map<String, Map<String, Write>> writes = Map.of("n", Map.of("written", write(1)));
    List<Precondition> conditions =
        List.of(
            new Precondition.Absent("n", "absent", 1, NOW),
            new Precondition.Unchanged("n", "read", 1, 1));
    WriteBatch batch = WriteBatch.of(writes, conditions);
    assertThat(buffer.commit(batch)).isEqualTo(2);
    buffer.commit(set("absent", 1));
    int[] asked = new int[1];
    assertThat(buffer.commit(() -> asked[0]++ == 0 ? batch : null)).as("changed").isZero();
    assertThat(asked).containsExactly(2);
    assertThat(buffer.sequence()).isEqualTo(3);
  }

  @Test
  void whoHadToWaitLooksAgainAndKeepsItsRoomUntilThen() throws InterruptedException {
    buffer.commit(set("k", 2000));
    Looking proposal = new Looking("k");
    Thread writer = writer(proposal);
    time.untilWaiting(1);
    Thread behind = writer(set("behind", 1990));
    time.untilWaiting(2);
    WriteBatch meanwhile = WriteBatch.unlimited(Map.of("n", Map.of("k", write(1))), List.of());
    proposal.afterLook = () -> buffer.commit(meanwhile); // So it is asked a third time.
    flush();
    writer.join();
    assertThat(proposal.asked).isEqualTo(3);
    assertThat(latest("k")).isNotNull().extracting(write -> write.value().length).isEqualTo(10);
    assertThat(latest("behind")).as("still waits").isNull();
    assertThat(buffer.stalls()).isEqualTo(2);
    flush();
    behind.join();
    assertThat(latest("behind")).isNotNull();
  }

  @Test
  void whatComesToNothingAfterItHasWaitedLeavesItsRoomToTheNext() throws InterruptedException {
    buffer.commit(set("first", 1900));
    int[] asked = new int[1];
    Thread writer = writer(() -> asked[0]++ == 0 ? set("nothing", 1900) : null);
    time.untilWaiting(1);
    Thread behind = writer(set("behind", 1500));
    time.untilWaiting(2);
    flush();
    writer.join();
    behind.join();
    assertThat(latest("nothing")).isNull();
    assertThat(latest("behind")).isNotNull();
  }

  /** Proposes to set a key, and to set it to something larger when it has waited. */
  private static final class Growing implements Proposal {
    private final CountDownLatch again = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private boolean asked;

    @Override
    public WriteBatch propose() {
      if (asked) {
        again.countDown();
        await(goOn);
      }
      boolean first = !asked;
      asked = true;
      return set("k", first ? 1000 : 2000);
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void whatIsProposedLargerAfterAWaitWaitsAgain() throws InterruptedException {
    buffer.commit(set("first", 1900));
    Growing proposal = new Growing();
    Thread writer = writer(proposal);
    time.untilWaiting(1);
    flush();
    proposal.again.await();
    buffer.commit(set("other", 500));
    proposal.goOn.countDown();
    time.untilWaiting(1);
    assertThat(latest("k")).as("no room for 2001 bytes beside others").isNull();
    flush();
    writer.join();
    assertThat(latest("k")).isNotNull();
  }

  @Test
  void whatIsProposedLargerAfterAWaitDoesNotWaitForTheRoomThatItHasItself()
      throws InterruptedException {
    buffer.commit(set("first", 1900));
    Growing proposal = new Growing();
    Thread writer = writer(proposal);
    time.untilWaiting(1);
    flush();
    proposal.goOn.countDown();
    writer.join();
    assertThat(latest("k")).isNotNull();
    assertThat(buffer.stalls()).isEqualTo(1);
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

package io.nadb.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.spi.Write;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A batch that depends on what was there is proposed anew when that has changed. */
class ProposalTest extends SmallBuffer {
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
    time.awaitWaiting(1);
    Thread behind = writer(set("behind", 1990));
    time.awaitWaiting(2);
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
    time.awaitWaiting(1);
    Thread behind = writer(set("behind", 1500));
    time.awaitWaiting(2);
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
    time.awaitWaiting(1);
    flush();
    proposal.again.await();
    buffer.commit(set("other", 500));
    proposal.goOn.countDown();
    time.awaitWaiting(1);
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
    time.awaitWaiting(1);
    flush();
    proposal.goOn.countDown();
    writer.join();
    assertThat(latest("k")).isNotNull();
    assertThat(buffer.stalls()).isEqualTo(1);
  }
}

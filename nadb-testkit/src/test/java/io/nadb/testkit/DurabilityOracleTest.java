package io.nadb.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.spi.Cut;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a crash is said to take, where threads write side by side and calls tell no numbers. */
class DurabilityOracleTest {
  private final VirtualTime time = new VirtualTime();
  private final DurabilityOracle oracle = new Ledger(time).location("here");
  private final List<LostWrite> lost = new ArrayList<>();
  private final List<LostWrite> doubtful = new ArrayList<>();

  @BeforeEach
  void open() {
    oracle.opened(0);
  }

  private void acknowledge(String key, long least, long most) {
    LostWrite write =
        new LostWrite("here", "default", key, LostWrite.Kind.SET, most, 1, time.now());
    oracle.acknowledge(write, least, most);
  }

  private void flush(long sequence) {
    oracle.applying(cut(sequence));
    oracle.applied(cut(sequence), true);
  }

  private static Cut cut(long sequence) {
    return new Cut() {
      @Override
      public long sequence() {
        return sequence;
      }

      @Override
      public int size() {
        return 1;
      }

      @Override
      public <E extends Exception> void forEach(Visitor<E> visitor) {}
    };
  }

  private void crash(boolean keepsWritten) {
    oracle.crash(keepsWritten, false, lost, doubtful);
  }

  private static List<String> keys(List<LostWrite> writes) {
    return writes.stream().map(LostWrite::key).toList();
  }

  @Test
  void twoWritesThatMayHaveTheSameNumberAreBothTold() {
    acknowledge("mine", 1, 2);
    acknowledge("other", 2, 2);
    crash(false);

    assertThat(keys(lost)).containsExactly("mine", "other");
    assertThat(doubtful).isEmpty();
  }

  @Test
  void aWriteThatMayHaveBeenBeforeACutOrAfterItIsInDoubt() {
    acknowledge("mine", 1, 2);
    acknowledge("other", 2, 2);
    flush(1);
    crash(false);

    assertThat(keys(lost)).containsExactly("other");
    assertThat(keys(doubtful)).containsExactly("mine");
  }

  @Test
  void aWriteThatCanOnlyHaveBeenBeforeACutIsDurable() {
    acknowledge("mine", 1, 2);
    assertThat(oracle.isDurable("default", "mine")).isFalse();
    flush(2);
    assertThat(oracle.isDurable("default", "mine")).isTrue();
    acknowledge("late", 1, 2);
    assertThat(oracle.isDurable("default", "late")).isTrue();
    crash(false);

    assertThat(lost).isEmpty();
    assertThat(doubtful).isEmpty();
  }

  @Test
  void aCutThatWasBegunLeavesInDoubtWhatMayBeInIt() {
    acknowledge("in it", 1, 1);
    acknowledge("in it or after it", 1, 3);
    acknowledge("after it", 3, 3);
    oracle.applying(cut(2));
    crash(false);

    assertThat(keys(doubtful)).containsExactly("in it", "in it or after it");
    assertThat(keys(lost)).containsExactly("after it");
  }

  @Test
  void aKillKeepsWhatWasWritten() {
    acknowledge("written", 1, 1);
    acknowledge("written or not", 1, 2);
    oracle.applying(cut(1));
    oracle.applied(cut(1), false);
    crash(true);

    assertThat(lost).isEmpty();
    assertThat(keys(doubtful)).containsExactly("written or not");
  }

  @Test
  void aPowerCutTakesWhatWasWrittenAndNotSynced() {
    acknowledge("written", 1, 1);
    acknowledge("written or not", 1, 2);
    oracle.applying(cut(1));
    oracle.applied(cut(1), false);
    crash(false);

    assertThat(keys(lost)).containsExactly("written", "written or not");
    assertThat(doubtful).isEmpty();
  }

  @Test
  void aTornFlushIsLostAndNotInDoubt() {
    acknowledge("in it", 1, 1);
    oracle.applying(cut(2));
    oracle.crash(false, true, lost, doubtful);

    assertThat(keys(lost)).containsExactly("in it");
    assertThat(doubtful).isEmpty();
  }

  @Test
  void whatAServerHasMadeHasNoNumberAndIsNotLost() {
    acknowledge("served", 1, 0);
    crash(false);

    assertThat(lost).isEmpty();
    assertThat(doubtful).isEmpty();
  }
}

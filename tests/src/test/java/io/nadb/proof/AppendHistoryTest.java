package io.nadb.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.proof.AppendHistory.Op;
import io.nadb.proof.AppendHistory.Outcome;
import io.nadb.proof.AppendHistory.Txn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The check of appends finds in forged histories what is wrong with them, and nothing else. */
class AppendHistoryTest {
  private final List<Txn> txns = new ArrayList<>();
  private long now;

  private static Op read(String key, long... list) {
    return Op.read(key, Arrays.stream(list).boxed().toList());
  }

  private static Op append(String key, long number) {
    return Op.append(key, number);
  }

  /** One after another. */
  private void then(Op... ops) {
    txns.add(new Txn(++now, ++now, Outcome.COMMITTED, List.of(ops)));
  }

  /** At the same time as all others of this kind. */
  private void meanwhile(Outcome outcome, Op... ops) {
    txns.add(new Txn(0, 1000, outcome, List.of(ops)));
  }

  private void meanwhile(Op... ops) {
    meanwhile(Outcome.COMMITTED, ops);
  }

  /** The last reads, after all. */
  private List<String> check(Op... reads) {
    txns.add(new Txn(2000, 2001, Outcome.COMMITTED, List.of(reads)));
    AppendHistory history = new AppendHistory();
    history.add(txns.stream().map(txn -> Txn.of(txn.toLine())).toList());
    return history.check();
  }

  @Test
  void whatSomeOrderExplainsIsRight() {
    then(read("x"), append("x", 1));
    meanwhile(read("x", 1), append("x", 2), read("x", 1, 2), append("x", 3), append("y", 4));
    meanwhile(read("x", 1), read("y"));
    meanwhile(read("y", 4), read("x", 1, 2, 3));
    meanwhile(Outcome.FAILED, read("x", 1, 77), append("x", 5));
    meanwhile(Outcome.UNKNOWN, read("x", 99), append("x", 6));
    meanwhile(Outcome.UNKNOWN, read("y", 4), append("y", 7), append("z", 8));

    assertThat(check(read("x", 1, 2, 3), read("y", 4, 7), read("z", 8))).isEmpty();
  }

  private static void assertFound(List<String> faults, String... parts) {
    assertThat(faults).isNotEmpty();
    assertThat(String.join("\n", faults)).contains(parts);
  }

  @Test
  void aLostUpdateIsFound() {
    meanwhile(read("x"), append("x", 1));
    meanwhile(read("x"), append("x", 2));
    assertFound(check(read("x", 2)), "1 is not in x");
  }

  /** Both have read the empty list, and both are in it: a set that came to be in between. */
  @Test
  void twoWhoBothAppendedToWhatTheyReadAreFound() {
    meanwhile(read("x"), append("x", 1));
    meanwhile(read("x"), append("x", 2));
    assertFound(check(read("x", 1, 2)), "a cycle", "ww x", "rw x");
  }

  @Test
  void writeSkewIsFound() {
    meanwhile(read("x"), read("y"), append("x", 1));
    meanwhile(read("x"), read("y"), append("y", 2));
    assertFound(check(read("x", 1), read("y", 2)), "a cycle", "rw x", "rw y");
  }

  @Test
  void twoWhoSawEachOthersWritesAreFound() {
    meanwhile(append("x", 1), read("y", 2));
    meanwhile(append("y", 2), read("x", 1));
    assertFound(check(read("x", 1), read("y", 2)), "a cycle", "wr x", "wr y");
  }

  @Test
  void whatTwoReadersSawInDifferentOrdersIsFound() {
    meanwhile(append("x", 1));
    meanwhile(append("y", 2));
    meanwhile(read("x", 1), read("y"));
    meanwhile(read("x"), read("y", 2));
    assertFound(check(read("x", 1), read("y", 2)), "a cycle", "rw x", "rw y", "wr x");
  }

  @Test
  void halfATransactionThatWasReadIsFound() {
    meanwhile(append("x", 1), append("y", 2));
    meanwhile(read("x", 1), read("y"));
    assertFound(check(read("x", 1), read("y", 2)), "a cycle", "wr x", "rw y");
  }

  @Test
  void whatWasNotCommittedAndIsThereIsFound() {
    meanwhile(Outcome.FAILED, append("x", 1));
    assertFound(check(read("x", 1)), "1 is in x, but was not committed");
  }

  @Test
  void whatNobodyAppendedIsFound() {
    assertFound(check(read("x", 1)), "1 is in x, but was not committed: null");
  }

  @Test
  void aListInTheMidstOfATransactionIsFound() {
    meanwhile(append("x", 1), append("x", 2));
    meanwhile(read("x", 1));
    assertFound(check(read("x", 1, 2)), "in the midst");
  }

  @Test
  void whatDidNotSeeItselfIsFound() {
    meanwhile(read("x"), append("x", 1), read("x"));
    assertFound(check(read("x", 1)), "did not see its own x");
  }

  @Test
  void aListThatChangedOtherwiseThanByAppendingIsFound() {
    meanwhile(append("x", 1));
    meanwhile(append("x", 2));
    meanwhile(read("x", 2));
    assertFound(check(read("x", 1, 2)), "x was [2] and is [1, 2]");
  }

  @Test
  void whatIsThereTwiceIsFound() {
    meanwhile(append("x", 1));
    assertFound(check(read("x", 1, 1)), "twice in x");
  }

  @Test
  void aReadOfWhatWasReplacedBeforeItBeganIsFound() {
    then(append("x", 1));
    then(read("x"));
    assertFound(check(read("x", 1)), "a cycle", "time", "rw x");
  }

  @Test
  void orderInTimeGoesThroughOthers() {
    then(append("x", 1));
    then(append("y", 2));
    then(append("y", 3));
    then(read("y", 2, 3), read("x"));
    assertFound(check(read("x", 1), read("y", 2, 3)), "a cycle", "time", "rw x");
  }

  @Test
  void halfOfWhatNobodyKnowsIsFound() {
    meanwhile(Outcome.UNKNOWN, append("x", 1), append("y", 2));
    assertFound(check(read("x", 1), read("y")), "2 is not in y");
  }

  @Test
  void whatNobodyKnowsIsPartOfTheOrderIfItIsThere() {
    meanwhile(Outcome.UNKNOWN, read("y"), append("x", 1));
    meanwhile(read("x"), append("y", 2));
    assertFound(check(read("x", 1), read("y", 2)), "a cycle");
  }
}

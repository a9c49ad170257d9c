package io.nadb.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.Durability;
import io.nadb.NadbException;
import io.nadb.spi.Cut;
import io.nadb.spi.Journal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What is given to the journal before a server: each write once, and all of them after a failure.
 */
class JournalWriterTest extends SmallBuffer {
  private final WriteBuffer written = buffer(Durability.WRITTEN);
  private final Given journal = new Given();
  private final JournalWriter writer = new JournalWriter("test", time, written, journal, 0);

  /** A journal that says what it was given. */
  private static final class Given implements Journal {
    final List<String> cuts = new ArrayList<>();
    boolean fails;
    boolean large;

    @Override
    public String place() {
      return "here";
    }

    @Override
    public boolean isLarge() {
      return large;
    }

    @Override
    public void append(Cut cut, boolean all) throws IOException {
      if (fails) {
        throw new IOException("no room");
      }
      TreeSet<String> keys = new TreeSet<>();
      cut.forEach((namespace, key, write) -> keys.add(key + write.sequence()));
      cuts.add((all ? "all " : "") + keys);
    }
  }

  @Test
  void aWriteIsGivenOnceWithAllThatCameBeforeIt() {
    written.commit(set("a", 1));
    long second = written.commit(set("b", 1));
    writer.writeThrough(second);
    writer.writeThrough(1);
    writer.writeThrough(written.commit(set("a", 1)));

    assertThat(journal.cuts).containsExactly("[a1, b2]", "[a3]");
  }

  @Test
  void whatIsSealedBeforeItWasGivenIsGivenThen() {
    long sequence = written.commit(set("a", 1));
    assertThat(writer.seal()).isNotNull();
    writer.writeThrough(sequence);

    assertThat(journal.cuts).containsExactly("[a1]");
    assertThat(writer.keep()).contains("here");
  }

  @Test
  void afterAFailureItIsGivenAllThatTheServerLacks() {
    writer.writeThrough(written.commit(set("a", 1)));
    writer.seal();
    journal.fails = true;
    long second = written.commit(set("b", 1));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> writer.writeThrough(second))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("to the spool here: no room");
    }
    assertThat(writer.keep()).isEmpty();
    journal.fails = false;
    writer.writeThrough(written.commit(set("c", 1)));
    writer.writeThrough(written.commit(set("d", 1)));

    assertThat(journal.cuts).containsExactly("[a1]", "all [a1, b2, c3]", "[d4]");
  }

  @Test
  void aFailureKeepsNothingFromTheServer() {
    journal.fails = true;
    written.commit(set("a", 1));
    assertThat(writer.seal()).isNotNull();
    written.drop();
    journal.fails = false;
    writer.writeThrough(written.commit(set("b", 1)));

    assertThat(journal.cuts).containsExactly("all [b2]");
  }

  @Test
  void aJournalThatIsLargeIsGivenAllThatTheServerLacks() {
    writer.writeThrough(written.commit(set("a", 1)));
    writer.writeThrough(written.commit(set("a", 1)));
    journal.large = true;
    writer.writeThrough(written.commit(set("b", 1)));

    assertThat(journal.cuts).containsExactly("[a1]", "[a2]", "all [a2, b3]");
  }
}

package io.nadb.internal.spool;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.NadbConnectionException;
import io.nadb.NadbException;
import io.nadb.spi.Write;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What comes to a server from a spool, and in which order, whatever becomes of its mark. */
class ForwardingTest {
  private static final SpoolIdentity SPOOL = new SpoolIdentity("id", "a database");

  private final Server server = new Server();
  private final List<SpooledWrite> kept = new ArrayList<>();

  /** A server that has what it was given, and can lose the last of it. */
  private static final class Server {
    private final List<Long> made = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private Mark mark = Mark.NONE;
    private boolean losesAnswer;
    private Runnable before = () -> {};

    private Optional<Mark> forward(
        Mark expected, String opening, long sequence, List<SpooledWrite> writes) {
      before.run();
      sizes.add(writes.size());
      if (!expected.equals(mark)) {
        return Optional.of(mark);
      }
      writes.forEach(each -> made.add(each.write().sequence()));
      mark = Mark.of(sequence, opening);
      if (losesAnswer) {
        losesAnswer = false;
        throw new NadbConnectionException("lost", null, true);
      }
      return Optional.empty();
    }

    /** As a replica that lacks the last writes, and is the master now. */
    private void goBackTo(long sequence) {
      made.removeIf(number -> number > sequence);
      mark = new Mark(sequence + mark.text().substring(mark.text().indexOf(' ')));
    }

    @SuppressWarnings("unchecked") // As the methods' types are.
    private MarkedServer marked() {
      return (MarkedServer)
          Proxy.newProxyInstance(
              MarkedServer.class.getClassLoader(),
              new Class<?>[] {MarkedServer.class},
              (proxy, method, arguments) ->
                  method.getName().equals("mark")
                      ? mark
                      : forward(
                          (Mark) arguments[1],
                          (String) arguments[2],
                          (long) arguments[3],
                          (List<SpooledWrite>) arguments[4]));
    }
  }

  private static SpooledWrite write(long number) {
    Write write = Write.set(number, utf8("v"), Set.of(), 1, true, 1, Write.NEVER);
    return new SpooledWrite("n", "k" + number, write);
  }

  private static List<SpooledWrite> writes(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(ForwardingTest::write).toList();
  }

  private static List<Long> numbers(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  private Forwarding begin() {
    return Forwarding.begin(Path.of("spool"), server.marked(), SPOOL);
  }

  private void send(Forwarding forwarding, long from, long to) throws IOException {
    List<SpooledWrite> writes = writes(from, to);
    kept.addAll(writes);
    forwarding.send(writes, to, this::remainder);
  }

  private Remainder remainder(long after, long last) {
    return new Remainder(
        after,
        kept.stream()
            .filter(each -> each.write().sequence() > after && each.write().sequence() <= last)
            .toList());
  }

  @Test
  void writesGoInPartsInTheirOrderAndTheMarkSaysHowFarTheyHaveCome() throws IOException {
    Forwarding forwarding = begin();
    send(forwarding, 1, 2500);

    assertThat(server.made).isEqualTo(numbers(1, 2500));
    assertThat(server.sizes).containsExactly(0, 1000, 1000, 500);
    assertThat(server.mark.sequence()).hasValue(2500);
    assertThat(forwarding.forwarded()).isEqualTo(2500);
  }

  @Test
  void aPartHasNoMoreThanAMegabyteUnlessItIsOneWrite() throws IOException {
    Forwarding forwarding = begin();
    List<SpooledWrite> writes = new ArrayList<>();
    for (int size : new int[] {400_000, 400_000, 400_000, 2_000_000, 1}) {
      Write write = Write.set(writes.size() + 1, new byte[size], Set.of(), 1, true, 1, Write.NEVER);
      writes.add(new SpooledWrite("n", "k", write));
    }
    forwarding.send(writes, 5, this::remainder);

    assertThat(server.made).isEqualTo(numbers(1, 5));
    assertThat(server.sizes).containsExactly(0, 2, 1, 1, 1);
  }

  @Test
  void whatTheServerHasIsNotSent() throws IOException {
    server.mark = new Mark("3 before");
    Forwarding forwarding = begin();
    assertThat(forwarding.forwarded()).isEqualTo(3);
    send(forwarding, 1, 5);

    assertThat(server.made).containsExactly(4L, 5L);
  }

  @Test
  void anAnswerThatIsLostHasNothingSentTwiceAndIsAskedForOnceMore() throws IOException {
    Forwarding forwarding = begin();
    server.losesAnswer = true;
    assertThatThrownBy(() -> send(forwarding, 1, 2)).isInstanceOf(NadbException.class);
    server.sizes.clear();
    forwarding.send(writes(1, 2), 2, this::remainder);

    assertThat(server.made).containsExactly(1L, 2L);
    assertThat(server.sizes).as("the mark alone tells of no replica").containsExactly(2, 0);
  }

  @Test
  void aMarkOfAnotherOpeningIsRefusedWhateverItsNumber() throws IOException {
    server.mark = new Mark("3 before");
    Forwarding forwarding = begin();
    send(forwarding, 4, 5);
    for (String foreign :
        List.of("9 other", "5 other", "2 other", "4 before", "3 beforehand", "2 fore")) {
      server.mark = new Mark(foreign);
      assertThatThrownBy(() -> forwarding.send(writes(6, 6), 6, this::remainder))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("another copy of the spool");
    }
    server.mark = new Mark("five");
    assertThatThrownBy(() -> forwarding.send(writes(6, 6), 6, this::remainder))
        .hasMessageContaining("another copy of the spool");

    assertThat(server.made).containsExactly(4L, 5L);
  }

  @Test
  void aMarkThatIsNoneIsRefusedAtTheBeginning() {
    server.mark = new Mark("five");

    assertThatThrownBy(this::begin).hasMessageContaining("which no NADB has written");
  }

  @Test
  void whatAServerHasLostIsSentAgainBeforeWhatIsNew() throws IOException {
    Forwarding forwarding = begin();
    send(forwarding, 1, 3);
    send(forwarding, 4, 6);
    server.goBackTo(2);
    send(forwarding, 7, 8);

    assertThat(server.made).isEqualTo(numbers(1, 8));
    assertThat(server.mark.sequence()).hasValue(8);
  }

  @Test
  void whatAServerHasLostAndNobodyKeepsIsNoReasonNotToGoOn() throws IOException {
    Forwarding forwarding = begin();
    send(forwarding, 1, 6);
    server.goBackTo(2);
    kept.removeIf(each -> each.write().sequence() <= 4);
    send(forwarding, 7, 7);
    send(forwarding, 8, 8);

    assertThat(server.made).containsExactly(1L, 2L, 5L, 6L, 7L, 8L);
  }

  @Test
  void aServerThatGoesBackInTheMidstOfTheWritesGetsAllOfThem() throws IOException {
    Forwarding forwarding = begin();
    send(forwarding, 1, 10);
    server.before =
        () -> {
          if (server.sizes.size() == 4) { // Once a thousand of these are made.
            server.goBackTo(5);
          }
        };
    send(forwarding, 11, 3000);

    assertThat(server.made).isEqualTo(numbers(1, 3000));
  }

  @Test
  void aServerThatGoesBackWithinTheWritesThatAreBeingSentGetsThem() throws IOException {
    Forwarding forwarding = begin();
    server.before =
        () -> {
          if (server.sizes.size() == 3) {
            server.goBackTo(1000);
          }
        };
    send(forwarding, 1, 3000);

    assertThat(server.made).isEqualTo(numbers(1, 3000));
  }

  @Test
  void aServerThatHasLostThisOpeningIsKnownByTheOneBefore() throws IOException {
    server.mark = new Mark("3 before");
    Forwarding forwarding = begin();
    send(forwarding, 4, 6);
    server.made.clear();
    server.mark = new Mark("2 before");
    kept.addAll(0, writes(3, 3));
    send(forwarding, 7, 7);

    assertThat(server.made).isEqualTo(numbers(3, 7));
  }

  @Test
  void aFailureWhileWhatWasLostIsSentIsMadeUpForLater() throws IOException {
    Forwarding forwarding = begin();
    send(forwarding, 1, 6);
    server.goBackTo(2);
    server.before =
        () -> {
          if (server.sizes.size() == 3) {
            throw new NadbConnectionException("gone", null, false);
          }
        };
    assertThatThrownBy(() -> send(forwarding, 7, 7)).hasMessageContaining("gone");
    server.before = () -> {};
    forwarding.send(writes(7, 8), 8, this::remainder);

    assertThat(server.made).isEqualTo(numbers(1, 8));
  }

  @Test
  void aMarkThatIsLostHasNothingSentTwice() throws IOException {
    Forwarding forwarding = begin();
    send(forwarding, 1, 3);
    server.mark = Mark.NONE;
    send(forwarding, 4, 5);

    assertThat(server.made).isEqualTo(numbers(1, 5));
    assertThat(server.mark.sequence()).hasValue(5);
  }
}

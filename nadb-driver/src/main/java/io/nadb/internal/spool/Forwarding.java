package io.nadb.internal.spool;

import io.nadb.NadbConnectionException;
import io.nadb.NadbException;
import io.nadb.NadbTimeoutException;
import io.nadb.internal.report.Logbook;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Sends what is in a spool to the server, in its order, each write once; by one thread at a time.
 *
 * <p>The server changes its mark with the writes, and only if it is as expected. So if an answer is
 * lost, the mark tells whether the writes were made; and what an earlier process has sent and the
 * server has not read yet is not made any more once the mark is of this opening.
 *
 * <p>A failover may lead to a server that lacks the last writes, and so has an earlier mark: what
 * is between the two is sent again from where it is kept, before all that comes later.
 */
final class Forwarding {
  private static final Logbook LOG = Logbook.of(Forwarding.class);

  /** So much is sent at once, since the server does nothing else meanwhile. */
  private static final int MAX_WRITES = 1000;

  private static final long MAX_BYTES = 1 << 20;

  private final Path directory;
  private final MarkedServer server;
  private final SpoolIdentity spool;
  private final String opening = SpoolIdentity.newId();
  private Mark expected = Mark.NONE;

  /** The mark that this opening has found. */
  private Mark former = Mark.NONE;

  private boolean marked;

  /** The number of the last write that the server has. */
  private long forwarded;

  /** The number of the last write that it has acknowledged; it may have lost some since. */
  private long reached;

  /** Whether the server has itself answered that it has what it has, or else its mark says so. */
  private boolean confirmed = true;

  private Forwarding(Path directory, MarkedServer server, SpoolIdentity spool) {
    this.directory = directory;
    this.server = server;
    this.spool = spool;
  }

  /** Makes the mark of a server one of this opening. */
  static Forwarding begin(Path directory, MarkedServer server, SpoolIdentity spool) {
    Forwarding forwarding = new Forwarding(directory, server, spool);
    forwarding.claim();
    return forwarding;
  }

  private void claim() {
    Optional<Mark> found = Optional.of(server.mark(spool.id()));
    while (found.isPresent()) {
      expected = found.get();
      marked = !expected.isNone();
      forwarded = marked ? sequence(expected) : 0;
      former = expected;
      found = server.forward(spool.id(), expected, opening, forwarded, List.of());
    }
    expected = Mark.of(forwarded, opening);
    reached = forwarded;
  }

  /** Whether the server had a mark of the spool when this began; it may have lost one. */
  boolean isMarked() {
    return marked;
  }

  /** The number of the last write that the server has. */
  long forwarded() {
    return forwarded;
  }

  /**
   * Sends those of some writes that the server does not have; if it fails, it may have the first of
   * them. What the server has lost since it acknowledged it is sent before.
   *
   * @param writes in their order
   * @param sequence the number up to which there are no others
   * @param acknowledged has what was sent before, as far as it is kept
   */
  void send(List<SpooledWrite> writes, long sequence, Remainder.Source acknowledged)
      throws IOException {
    while (!(sendLost(acknowledged) && sendAll(writes, sequence))) {
      // A failover in the midst of it: what was lost goes first.
    }
  }

  /**
   * Sends again what the server has lost since it acknowledged it, though there is nothing else to
   * send. A server that can't be asked has lost nothing, as far as is known; that another copy of
   * the spool is in use is said when there is something to send.
   */
  void check(Remainder.Source acknowledged) throws IOException {
    Mark found;
    try {
      found = server.mark(spool.id());
    } catch (NadbConnectionException | NadbTimeoutException e) {
      LOG.log(Level.DEBUG, "nothing to send, and nobody to ask", e);
      return;
    }
    if (!found.equals(expected) && isOwn(found)) {
      accept(found);
      send(List.of(), reached, acknowledged);
    }
  }

  private boolean sendLost(Remainder.Source acknowledged) throws IOException {
    if (forwarded >= reached) {
      return true;
    }
    Remainder left = acknowledged.remainder(forwarded, reached);
    LOG.log(
        Level.WARNING,
        "the database {0} has lost writes of the spool {1} that it had acknowledged, in a failover"
            + " most likely: those after number {2} and up to {3}; it gets those after {4} again",
        spool.database(),
        directory,
        forwarded,
        reached,
        left.after());
    return sendAll(left.writes(), reached);
  }

  /**
   * Sends those that the server does not have; returns whether it has them, or else it is known by
   * now that it has less than it had.
   */
  private boolean sendAll(List<SpooledWrite> writes, long sequence) {
    int from = 0;
    while (from < writes.size()) {
      if (writes.get(from).write().sequence() <= forwarded) {
        from++;
      } else {
        int to = chunk(writes, from);
        long last = to == writes.size() ? sequence : writes.get(to - 1).write().sequence();
        if (make(writes.subList(from, to), last)) {
          from = to;
        } else if (forwarded < reached) {
          return false;
        } else {
          from = 0; // It may have lost some of these.
        }
      }
    }
    while (!confirmed) { // What is known by the mark alone, nobody has waited for a replica with.
      if (!make(List.of(), forwarded) && forwarded < reached) {
        return false;
      }
    }
    forwarded = Math.max(forwarded, sequence);
    reached = Math.max(reached, forwarded);
    return true;
  }

  /** Where what is sent at once ends. */
  private static int chunk(List<SpooledWrite> writes, int from) {
    int to = from + 1;
    long bytes = writes.get(from).bytes();
    while (to < writes.size() && to - from < MAX_WRITES) {
      bytes += writes.get(to).bytes();
      if (bytes > MAX_BYTES) {
        return to;
      }
      to++;
    }
    return to;
  }

  /** Has writes made; returns whether they are, or else it is known by now which of them are. */
  private boolean make(List<SpooledWrite> writes, long last) {
    Optional<Mark> other = server.forward(spool.id(), expected, opening, last, writes);
    if (other.isEmpty()) {
      expected = Mark.of(last, opening);
      forwarded = last;
      confirmed = true;
      return true;
    }
    accept(other.get());
    return false;
  }

  /** Finds out why the mark is another one. */
  private void accept(Mark found) {
    if (found.isNone()) {
      LOG.log(
          Level.WARNING,
          "the database {0} has lost the mark of the spool {1}, by an eviction, FLUSHALL or a"
              + " restart without what it had; it gets all writes after number {2}",
          spool.database(),
          directory,
          forwarded);
    } else if (!isOwn(found)) {
      throw new NadbException(
          "the database "
              + spool.database()
              + " has got writes from another copy of the spool "
              + directory
              + " since this store was opened; nothing more is sent from here. Each directory is"
              + " for one store: close the other one, and give a copy of the directory up");
    } else {
      forwarded = sequence(found); // Less than it was, if the server has lost what it had.
      confirmed = false;
    }
    expected = found;
  }

  private boolean isOwn(Mark found) {
    return found.isNone() || found.isOf(opening) || isFormer(found);
  }

  /**
   * Whether a mark is the one that this opening has found, or an earlier one of the same opening:
   * those come back if the server loses what it had. Any other opening has begun since.
   */
  private boolean isFormer(Mark found) {
    return found.isOfSameOpening(former) && sequence(found) <= sequence(former);
  }

  private long sequence(Mark mark) {
    OptionalLong sequence = mark.sequence();
    if (sequence.isEmpty()) {
      throw new NadbException(
          "the database "
              + spool.database()
              + " has '"
              + mark.text()
              + "' in the place of the mark of the spool "
              + directory
              + ", which no NADB has written; delete that key, and the writes in the spool are sent"
              + " again");
    }
    return sequence.getAsLong();
  }
}

package io.nadb.internal.spool;

import io.nadb.spi.DirectBackend;
import java.util.List;
import java.util.Optional;

/** A server that makes writes together with a mark that says how far they have come. */
public interface MarkedServer extends DirectBackend {

  /** How many connections have been made so far; each may lead to another server than before. */
  long connections();

  /**
   * Returns the mark of a spool.
   *
   * @param spool the spool's id
   */
  Mark mark(String spool);

  /**
   * Makes writes in their order and sets the mark, in one step, if the mark is as expected. If one
   * of the writes is refused, those before it are made, and the mark says so.
   *
   * @param spool the spool's id
   * @param expected what the mark is
   * @param opening who sets it
   * @param sequence the number that it has when all is done
   * @param writes what is written; there may be nothing
   * @return the mark that is there instead; empty if it was as expected, and all is done
   */
  Optional<Mark> forward(
      String spool, Mark expected, String opening, long sequence, List<SpooledWrite> writes);
}

package io.nadb.internal.spool;

import java.io.IOException;
import java.util.List;

/**
 * What a journal still has of writes that the server had acknowledged.
 *
 * @param after up to which of them it has nothing any more, if it has not all
 * @param writes those that it has, in their order
 */
record Remainder(long after, List<SpooledWrite> writes) {

  /** Where it is to be had. */
  @FunctionalInterface
  interface Source {
    /** What there is of the writes after a number and up to another one. */
    Remainder remainder(long after, long last) throws IOException;
  }
}

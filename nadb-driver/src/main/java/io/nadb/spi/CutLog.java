package io.nadb.spi;

import java.io.IOException;

/**
 * The cuts of a backend that keeps them in their order, at least for a while. Used by any number of
 * threads.
 *
 * @since 0.1.0
 */
public interface CutLog {

  /**
   * What tells this log from every other, and from copies that have gone another way: letters and
   * digits. Numbers mean something within a lineage only.
   */
  String lineage();

  /**
   * The number of the last write before the oldest cut from which on all are kept; 0 if all have
   * been kept ever since.
   *
   * @throws io.nadb.CorruptStoreException if a file is damaged
   */
  long oldest();

  /**
   * Takes notice that somebody has seen all writes up to a number, and may go on with the cuts
   * after that. A key may have come with a write that was seen and not applied yet: so if a later
   * write of the same cut removes it, the cut has to say so, though nothing of the key has been
   * kept.
   *
   * @param sequence the number of the last write before the moment; no later one has been handed
   *     over
   */
  void seenUpTo(long sequence);

  /**
   * Goes through the durable cuts after a number, which may lie within a cut: then that cut is
   * shown without the writes up to it.
   *
   * @throws CutsLostException if not all of them are kept, or if there is no such number yet
   */
  CutReader read(long after) throws IOException;
}

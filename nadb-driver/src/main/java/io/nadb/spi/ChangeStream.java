package io.nadb.spi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The durable cuts of a store, one after another: what a feed of changes shows.
 *
 * @since 0.1.0
 */
public interface ChangeStream extends AutoCloseable {

  /**
   * Returns the next cut that has changes, all of them; waits for one if there is none.
   *
   * @return null if there has been none in time
   * @throws IllegalStateException if this or the store is closed, also while it waits
   * @throws io.nadb.ChangesLostException if it is not kept any more
   */
  @Nullable StoredCut next(Duration timeout) throws InterruptedException;

  /** Reads the value of a change that was set, into an array of the caller's own. */
  byte[] value(StoredChange change);

  /** The bookmark up to which everything has been returned. */
  String bookmark();

  /** The bookmark after a cut that was returned. */
  String bookmark(StoredCut cut);

  @Override
  void close();
}

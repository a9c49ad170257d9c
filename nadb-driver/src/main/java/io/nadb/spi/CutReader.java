package io.nadb.spi;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who goes through the cuts of a {@link CutLog}, with one thread at a time; closed by any.
 *
 * @since 0.1.0
 */
public interface CutReader extends AutoCloseable {

  /**
   * Returns the next durable cut, with its changes of one namespace or of all; null if there is
   * none yet. If it fails, the next call tries the same again.
   *
   * @param namespace whose changes are wanted; null for all
   * @throws CutsLostException if it is not kept any more
   * @throws io.nadb.CorruptStoreException if a record is damaged
   */
  @Nullable StoredCut next(@Nullable String namespace) throws IOException;

  /** The number of the last write up to which all has been shown. */
  long sequence();

  /** Lets go of what is kept for it; a second call does nothing. */
  @Override
  void close();
}

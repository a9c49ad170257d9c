package io.nadb.internal.spool;

import io.nadb.spi.Utf8;
import io.nadb.spi.Write;

/**
 * A write on its way to the server.
 *
 * @param namespace where its key is
 * @param key whose write it is
 * @param write what is written: a whole entry, or its deletion
 */
public record SpooledWrite(String namespace, String key, Write write) {

  /** How many bytes it has, but for a few. */
  long bytes() {
    return Utf8.length(key) + (long) write.size();
  }
}

package io.nadb.internal.log.segment;

import io.nadb.internal.log.format.KeyHasher;
import io.nadb.internal.log.format.LogRecord;
import org.jspecify.annotations.Nullable;

/** Says which record of a key counts: the current one, or that of a moment. */
interface Lookup {

  /**
   * Finds the record of a key that counts; null if there is none.
   *
   * @param withValue whether the value will be wanted
   */
  RecordReader.@Nullable Found find(
      KeyHasher.Fingerprint fingerprint, byte[] namespace, byte[] key, boolean withValue);

  /** Whether a record counts that is its key's current one. */
  boolean includes(LogRecord current);
}

package io.nadb.internal.store;

import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import org.jspecify.annotations.Nullable;

/**
 * The rule that a key's creation time survives overwrites, for entries whose predecessor may be in
 * the buffer, in a cut under way or in the backend.
 */
final class Creation {

  private Creation() {}

  /** The later of two writes of a key, as it is when the earlier one comes directly before it. */
  static Write after(@Nullable Write earlier, Write later) {
    if (earlier == null || later.isDelete() || !later.inheritsCreated()) {
      return later;
    }
    if (earlier.isGoneAt(later.created())) {
      return later.withCreated(later.created(), false);
    }
    return later.withCreated(earlier.created(), earlier.inheritsCreated());
  }

  /**
   * When a buffered entry came into being, given what the backend holds now, which may be an older
   * or (if a cut has just been applied) the same or a newer version of it. The clock may have been
   * put back since an older one.
   */
  static long resolve(Write write, @Nullable StoredEntry stored) {
    if (write.inheritsCreated()
        && stored != null
        && (stored.sequence() <= write.sequence() || stored.created() <= write.created())
        && !stored.isGoneAt(write.created())) {
      return stored.created();
    }
    return write.created();
  }
}

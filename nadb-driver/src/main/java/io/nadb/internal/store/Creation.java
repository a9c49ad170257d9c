package io.nadb.internal.store;

import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import org.jspecify.annotations.Nullable;

/**
 * The rule that a key's creation time survives overwrites, and its value touches, for entries whose
 * predecessor may be in the buffer, in a cut under way or in the backend.
 */
final class Creation {

  private Creation() {}

  /** The later of two writes of a key, as it is when the earlier one comes directly before it. */
  static Write after(@Nullable Write earlier, Write later) {
    if (earlier == null || later.isDelete()) {
      return later;
    }
    return created(earlier, later.isTouch() ? touching(earlier, later) : later);
  }

  /** A touch together with what it touches: the value as it was, the rest as it is now. */
  private static Write touching(Write earlier, Write touch) {
    byte[] value = earlier.hasValue() ? earlier.value() : touch.hasValue() ? touch.value() : null;
    if (value != null && !earlier.isTouch()) {
      return Write.set(
          touch.sequence(),
          value,
          touch.tags(),
          touch.created(),
          touch.inheritsCreated(),
          touch.updated(),
          touch.expiresAt());
    }
    return Write.touch(
        touch.sequence(),
        earlier.touched(),
        touch.size(),
        value,
        touch.tags(),
        touch.created(),
        touch.inheritsCreated(),
        touch.updated(),
        touch.expiresAt());
  }

  /**
   * A write as it stands without the one that it came after: a touch does not need what that has.
   *
   * @param placed what {@link #after} has made of it
   */
  static Write alone(Write write, Write placed) {
    return write.isTouch() ? write.withCreated(placed.created(), placed.inheritsCreated()) : placed;
  }

  private static Write created(Write earlier, Write later) {
    if (!later.inheritsCreated()) {
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

package io.nadb.spring.session;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A session as it is in the store, its attributes as bytes: who adds one need not be able to read
 * the others.
 *
 * @param accessed when it was last used, for one that does not expire; of others, the expiry tells
 * @param maxInactive after how long without use it expires; negative: never
 */
record SessionRecord(
    Instant created, Instant accessed, Duration maxInactive, Map<String, byte[]> attributes) {

  /** This record as another request has it, with the changes of one; empty stands for none. */
  SessionRecord with(
      Map<String, Optional<byte[]>> changes, Instant accessed, Duration maxInactive) {
    Map<String, byte[]> merged = new LinkedHashMap<>(attributes);
    changes.forEach(
        (name, value) ->
            value.ifPresentOrElse(bytes -> merged.put(name, bytes), () -> merged.remove(name)));
    return new SessionRecord(created, accessed, maxInactive, merged);
  }
}

package io.nadb.spring.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.Removal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells the removal of an entry whose session has another id by then from that of a session that
 * goes, also if somebody logs out while the id changes. Thread-safe.
 */
final class IdChanges {

  /**
   * What is known of one id.
   *
   * @param running how many requests are changing it
   * @param done whether one of them has
   * @param removal what was told of it meanwhile
   */
  private record Change(int running, boolean done, @Nullable Removal removal) {}

  @GuardedBy("this")
  private final Map<String, Change> changes = new HashMap<>();

  /** Called before the entry of an id is removed because its session gets another one. */
  synchronized void begin(String id) {
    Change known = changes.getOrDefault(id, new Change(0, false, null));
    changes.put(id, new Change(known.running + 1, known.done, known.removal));
  }

  /**
   * Called when it was, or was not after all; returns the removal that was told meanwhile if nobody
   * has changed the id, so that it was the session's.
   */
  synchronized Optional<Removal> end(String id, boolean changed) {
    Change known = changes.remove(id);
    if (known == null) {
      throw new IllegalStateException("a change of an id ends that has not begun");
    }
    Change left = new Change(known.running - 1, known.done || changed, known.removal);
    if (left.running > 0 || (left.done && left.removal == null)) {
      changes.put(id, left);
    }
    return left.running > 0 || left.done ? Optional.empty() : Optional.ofNullable(left.removal);
  }

  /** Takes a removal that is, or may turn out to be, a change of id; returns whether it does. */
  synchronized boolean takes(Removal removal) {
    Change known = changes.remove(removal.key());
    if (known != null && known.running > 0) {
      changes.put(removal.key(), new Change(known.running, known.done, removal));
    }
    return known != null;
  }
}

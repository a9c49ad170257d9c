package io.nadb.internal.async;

import io.nadb.spi.Commit;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of the calls that have not been made must wait for which: on one entry, a write comes after
 * all calls before it, and a read after the last write before it. Calls on different entries wait
 * for nothing. For {@link CallQueue}, under its monitor.
 */
final class CallOrder {
  private final Map<Commit.Name, Tail> tails = new HashMap<>();

  /** What the next call on an entry has to wait for. */
  private static final class Tail {
    private @Nullable Call<?> lastWrite;

    /** Those after it. */
    private final Set<Call<?>> reads = new HashSet<>();

    boolean isEmpty() {
      return lastWrite == null && reads.isEmpty();
    }
  }

  /** Whether nothing is to be waited for on any of these entries. */
  boolean isFree(Collection<Commit.Name> names) {
    if (tails.isEmpty()) {
      return true;
    }
    for (Commit.Name name : names) {
      if (tails.containsKey(name)) {
        return false;
      }
    }
    return true;
  }

  /** Adds a call as the last one; returns whether it may be made at once. */
  boolean add(Call<?> call) {
    for (Commit.Name name : call.names()) {
      Tail tail = tails.get(name);
      if (tail == null) {
        tail = new Tail();
        if (call.precedes()) {
          tails.put(name, tail);
        }
      }
      Call<?> write = tail.lastWrite;
      if (write != null) {
        follow(write, call);
      }
      if (call.writes()) {
        tail.reads.forEach(read -> follow(read, call));
      }
      if (!call.precedes()) {
        continue;
      }
      if (call.writes()) {
        tail.reads.clear();
        tail.lastWrite = call;
      } else {
        tail.reads.add(call);
      }
    }
    return call.awaited == 0;
  }

  private static void follow(Call<?> before, Call<?> after) {
    before.followers.add(after);
    after.awaited++;
  }

  /**
   * Takes a call out that has been made, and adds to {@code free} those that waited for it alone.
   */
  void remove(Call<?> call, Collection<Call<?>> free) {
    for (Commit.Name name : call.names()) {
      Tail tail = tails.get(name);
      if (tail == null) {
        continue; // Later calls have taken its place, and have ended.
      }
      if (tail.lastWrite == call) {
        tail.lastWrite = null;
      }
      tail.reads.remove(call);
      if (tail.isEmpty()) {
        tails.remove(name);
      }
    }
    for (Call<?> next : call.followers) {
      if (--next.awaited == 0) {
        free.add(next);
      }
    }
    call.followers.clear();
  }
}

package io.nadb.repair;

import io.nadb.internal.log.format.LogRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last of what is whole of each key: about 250 bytes in memory for each. The sequence number of
 * a record decides, whatever file it is in. For one thread.
 */
final class SalvagedKeys {
  private final Map<Name, State> keys = new HashMap<>();

  /** An entry's name. */
  record Name(String namespace, String key) {

    @Override
    public String toString() {
      return namespace + "/" + key;
    }
  }

  /** Where a record is. */
  record Place(int segment, long offset) {}

  /**
   * A record that has been seen.
   *
   * @param size the length of the value that it has, or touches
   */
  record Seen(Name name, long sequence, Kind kind, int size, Place place) {

    static Seen of(LogRecord record, int segment) {
      Kind kind = record.isDelete() ? Kind.DELETE : record.isTouch() ? Kind.TOUCH : Kind.SET;
      return new Seen(
          new Name(record.namespace(), record.key()),
          record.sequence(),
          kind,
          record.toEntry().size(),
          new Place(segment, record.offset()));
    }
  }

  /** What a record does. */
  enum Kind {
    SET,
    TOUCH,
    DELETE
  }

  /** What is known of a key. */
  private static final class State {
    private @Nullable Seen set;
    private @Nullable Seen touch;
    private long deleted;

    /** The number of the last record of which the head alone is whole. */
    private long lost;
  }

  /**
   * An entry that can be saved.
   *
   * @param value the record with its value
   * @param head the record with all else: the same one, or a touch
   */
  record Saved(Name name, Place value, Place head, long sequence) {}

  void see(Seen seen) {
    State state = keys.computeIfAbsent(seen.name, name -> new State());
    if (seen.kind == Kind.SET) {
      state.set = later(state.set, seen);
    } else if (seen.kind == Kind.TOUCH) {
      state.touch = later(state.touch, seen);
    } else {
      state.deleted = Math.max(state.deleted, seen.sequence);
    }
  }

  private static Seen later(@Nullable Seen one, Seen other) {
    return one == null || other.sequence >= one.sequence ? other : one;
  }

  /** Takes notice of a record whose value is lost. */
  void seeLost(LogRecord head) {
    State state = keys.computeIfAbsent(new Name(head.namespace(), head.key()), name -> new State());
    state.lost = Math.max(state.lost, head.sequence());
  }

  /** The entries that can be saved, as they stand in the files. */
  List<Saved> saved() {
    List<Saved> saved = new ArrayList<>();
    keys.forEach(
        (name, state) -> {
          Saved each = saved(name, state);
          if (each != null) {
            saved.add(each);
          }
        });
    saved.sort(
        Comparator.comparingInt((Saved each) -> each.value.segment)
            .thenComparingLong(each -> each.value.offset));
    return saved;
  }

  /** The keys whose entry is known to be lost, in order. */
  List<String> lost() {
    List<String> lost = new ArrayList<>();
    keys.forEach(
        (name, state) -> {
          if (saved(name, state) == null && isExpected(state)) {
            lost.add(name.toString());
          }
        });
    lost.sort(Comparator.naturalOrder());
    return lost;
  }

  private static long sequence(@Nullable Seen seen) {
    return seen == null ? 0 : seen.sequence;
  }

  /** Whether the key's last record that is known is no deletion. */
  private static boolean isExpected(State state) {
    return Math.max(Math.max(sequence(state.set), sequence(state.touch)), state.lost)
        > state.deleted;
  }

  private static @Nullable Saved saved(Name name, State state) {
    Seen set = state.set;
    if (set == null || set.sequence <= state.deleted || set.sequence < state.lost) {
      return null;
    }
    Seen touch = state.touch;
    if (touch == null || touch.sequence <= set.sequence) {
      return new Saved(name, set.place, set.place, set.sequence);
    }
    // The value that was touched may be another one, which is lost.
    return touch.size == set.size ? new Saved(name, set.place, touch.place, touch.sequence) : null;
  }
}

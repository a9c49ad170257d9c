package io.nadb.internal.store;

import io.nadb.internal.store.WriteBuffer.Layers;
import io.nadb.spi.Write;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One or several writes that are made together or not at all, and what must be true for that: in
 * one cut for every crash, with numbers that follow each other, and visible at once.
 *
 * <p>Immutable. A batch that depends on nothing that somebody has looked up proposes itself.
 */
abstract sealed class WriteBatch implements Proposal {
  private final long charge;

  private WriteBatch(long charge) {
    this.charge = charge;
  }

  /** Sets an entry, whatever there is; {@code value} and {@code tags} are not copied. */
  static WriteBatch set(
      String namespace, String key, byte[] value, Set<String> tags, long now, long expiresAt) {
    return new Single(namespace, key, value, tags, now, now, expiresAt, null);
  }

  /** Sets an entry if something is true; {@code value} and {@code tags} are not copied. */
  static WriteBatch set(
      byte[] value, Set<String> tags, long now, long expiresAt, Precondition condition) {
    return new Single(
        condition.namespace(), condition.key(), value, tags, now, now, expiresAt, condition);
  }

  /** Gives an entry that was updated before another expiry time; as above. */
  static WriteBatch touch(
      byte[] value,
      Set<String> tags,
      long now,
      long updated,
      long expiresAt,
      Precondition condition) {
    return new Single(
        condition.namespace(), condition.key(), value, tags, now, updated, expiresAt, condition);
  }

  /** Deletes the entry of which something must be true. */
  static WriteBatch delete(long now, Precondition condition) {
    return new Single(
        condition.namespace(), condition.key(), null, Set.of(), now, now, Write.NEVER, condition);
  }

  /**
   * Makes several writes.
   *
   * @param writes the writes by namespace and key, in this order; their sequence numbers do not
   *     count; not copied
   * @param conditions what must be true, of keys that are written or of others; not copied
   */
  static Several of(Map<String, Map<String, Write>> writes, List<Precondition> conditions) {
    long charge = 0;
    for (Map<String, Write> byKey : writes.values()) {
      for (Map.Entry<String, Write> write : byKey.entrySet()) {
        charge += MemTable.charge(write.getKey(), write.getValue());
      }
    }
    return new Several(charge, writes, conditions, null);
  }

  /**
   * Makes several writes without regard to the hard cap: for whoever flushes next, and must not
   * wait for room that it alone makes.
   */
  static Several unlimited(Map<String, Map<String, Write>> writes, List<Precondition> conditions) {
    return new Several(0, writes, conditions, null);
  }

  /**
   * Deletes keys of a namespace that somebody has looked up, and those that have come to the active
   * layer by the time the batch is admitted; without regard to the hard cap.
   *
   * @param found deletions of the keys that were found; those of the others are added
   * @param deletion what deletes them
   */
  static Several clearing(String namespace, Map<String, Write> found, Write deletion) {
    return new Several(0, Map.of(namespace, found), List.of(), deletion);
  }

  /** How much room it needs in the buffer; 0: it is admitted whatever is buffered. */
  final long charge() {
    return charge;
  }

  /** Whether all is true that must be; for whoever holds the buffer's lock. */
  abstract boolean holds(Layers layers, long dropped);

  @Override
  public final WriteBatch propose() {
    return this;
  }

  /**
   * One write, of what plain sets consist of: it is made once, with its number. The compiler finds
   * that this object need not be made at all, where it sees all that is done with it.
   */
  static final class Single extends WriteBatch {
    private final String namespace;
    private final String key;
    private final byte @Nullable [] value;
    private final Set<String> tags;
    private final long now;
    private final long updated;
    private final long expiresAt;
    private final @Nullable Precondition condition;

    private Single(
        String namespace,
        String key,
        byte @Nullable [] value,
        Set<String> tags,
        long now,
        long updated,
        long expiresAt,
        @Nullable Precondition condition) {
      super(MemTable.charge(key, value == null ? 0 : value.length, tags));
      this.namespace = namespace;
      this.key = key;
      this.value = value;
      this.tags = tags;
      this.now = now;
      this.updated = updated;
      this.expiresAt = expiresAt;
      this.condition = condition;
    }

    @Override
    boolean holds(Layers layers, long dropped) {
      return condition == null || condition.holds(layers, dropped);
    }

    String namespace() {
      return namespace;
    }

    String key() {
      return key;
    }

    /** The write, at its place in the order of writes. */
    Write write(long sequence) {
      return value == null
          ? Write.delete(sequence, now)
          : Write.set(sequence, value, tags, now, true, updated, expiresAt);
    }
  }

  /** Several writes. */
  static final class Several extends WriteBatch {
    private final Map<String, Map<String, Write>> writes;
    private final List<Precondition> conditions;

    /** What deletes keys that come late; null: nothing does. */
    private final @Nullable Write deletion;

    private Several(
        long charge,
        Map<String, Map<String, Write>> writes,
        List<Precondition> conditions,
        @Nullable Write deletion) {
      super(charge);
      this.deletion = deletion;
      this.writes = writes;
      this.conditions = conditions;
    }

    @Override
    boolean holds(Layers layers, long dropped) {
      for (Precondition condition : conditions) {
        if (!condition.holds(layers, dropped)) {
          return false;
        }
      }
      return true;
    }

    /** Adds what depends on what is there now; for whoever holds the buffer's lock. */
    void complete(Layers layers) {
      Write late = deletion;
      if (late != null) {
        writes.forEach(
            (namespace, byKey) ->
                layers.active().forEach(namespace, (key, latest) -> byKey.putIfAbsent(key, late)));
      }
    }

    /** How many writes there are. */
    int size() {
      int size = 0;
      for (Map<String, Write> byKey : writes.values()) {
        size += byKey.size();
      }
      return size;
    }

    Map<String, Map<String, Write>> writes() {
      return writes;
    }
  }
}

package io.nadb.internal.store;

import io.nadb.internal.store.WriteBuffer.Layers;
import io.nadb.spi.Cut;
import io.nadb.spi.Write;
import java.util.Collections;
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
    return new Single(namespace, key, value, tags, now, expiresAt, null);
  }

  /** Sets an entry if something is true; {@code value} and {@code tags} are not copied. */
  static WriteBatch set(
      byte[] value, Set<String> tags, long now, long expiresAt, Precondition condition) {
    return new Single(
        condition.namespace(), condition.key(), value, tags, now, expiresAt, condition);
  }

  /** Gives an entry another expiry time; {@code touch} is a whole entry or leaves the value. */
  static WriteBatch touch(Write touch, Precondition condition) {
    return new Touch(touch, condition);
  }

  /** Deletes the entry of which something must be true. */
  static WriteBatch delete(long now, Precondition condition) {
    return new Single(
        condition.namespace(), condition.key(), null, Set.of(), now, Write.NEVER, condition);
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
    return new Several(charge, writes, conditions, false, null, null);
  }

  /**
   * Makes several writes without regard to the hard cap: for whoever flushes next, and must not
   * wait for room that it alone makes.
   */
  static Several unlimited(Map<String, Map<String, Write>> writes, List<Precondition> conditions) {
    return new Several(0, writes, conditions, false, null, null);
  }

  /**
   * Deletes keys of a namespace that somebody has looked up, and those that have come to the active
   * layer by the time the batch is admitted; without regard to the hard cap.
   *
   * @param found deletions of the keys that were found; those of the others are added
   * @param late what deletes the others; null if another batch will
   */
  static Several clearing(String namespace, Map<String, Write> found, @Nullable Write late) {
    return new Several(0, Map.of(namespace, found), List.of(), true, late, null);
  }

  /** How much room it needs in the buffer; 0: it is admitted whatever is buffered. */
  final long charge() {
    return charge;
  }

  /** Whether all is true that must be; for whoever holds the buffer's lock. */
  abstract boolean holds(Layers layers, long dropped, long sequence);

  @Override
  public final WriteBatch propose() {
    return this;
  }

  /** Whether it may remove entries of any of these namespaces. */
  abstract boolean mayRemoveFrom(Set<String> namespaces);

  /** Whether it clears a namespace. */
  boolean clears() {
    return false;
  }

  /** Shows the writes, before they have their places in the order of all. */
  abstract void forEach(Cut.Visitor<RuntimeException> visitor);

  /** The same batch, which tells what it removes. */
  abstract Several telling(BatchRemovals removals);

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
    private final long expiresAt;
    private final @Nullable Precondition condition;

    private Single(
        String namespace,
        String key,
        byte @Nullable [] value,
        Set<String> tags,
        long now,
        long expiresAt,
        @Nullable Precondition condition) {
      super(MemTable.charge(key, value == null ? 0 : value.length, tags));
      this.namespace = namespace;
      this.key = key;
      this.value = value;
      this.tags = tags;
      this.now = now;
      this.expiresAt = expiresAt;
      this.condition = condition;
    }

    @Override
    boolean holds(Layers layers, long dropped, long sequence) {
      return condition == null || condition.holds(layers, dropped, sequence);
    }

    String namespace() {
      return namespace;
    }

    String key() {
      return key;
    }

    @Override
    boolean mayRemoveFrom(Set<String> namespaces) {
      return namespaces.contains(namespace);
    }

    @Override
    void forEach(Cut.Visitor<RuntimeException> visitor) {
      visitor.visit(namespace, key, write(0));
    }

    @Override
    Several telling(BatchRemovals removals) {
      Map<String, Map<String, Write>> writes = Map.of(namespace, Map.of(key, write(0)));
      List<Precondition> conditions = condition == null ? List.of() : List.of(condition);
      return new Several(charge(), writes, conditions, false, null, removals);
    }

    /** The write, at its place in the order of writes. */
    Write write(long sequence) {
      return value == null
          ? Write.delete(sequence, now)
          : Write.set(sequence, value, tags, now, true, now, expiresAt);
    }
  }

  /** A write that gives an entry another expiry time, and removes nothing. */
  static final class Touch extends WriteBatch {
    private final Write write;
    private final Precondition condition;

    private Touch(Write write, Precondition condition) {
      super(MemTable.charge(condition.key(), write));
      this.write = write;
      this.condition = condition;
    }

    @Override
    boolean holds(Layers layers, long dropped, long sequence) {
      return condition.holds(layers, dropped, sequence);
    }

    String namespace() {
      return condition.namespace();
    }

    String key() {
      return condition.key();
    }

    @Override
    boolean mayRemoveFrom(Set<String> namespaces) {
      return false;
    }

    @Override
    void forEach(Cut.Visitor<RuntimeException> visitor) {
      visitor.visit(namespace(), key(), write);
    }

    @Override
    Several telling(BatchRemovals removals) {
      Map<String, Map<String, Write>> writes = Map.of(namespace(), Map.of(key(), write));
      return new Several(charge(), writes, List.of(condition), false, null, removals);
    }

    /** The write, at its place in the order of writes. */
    Write write(long sequence) {
      return write.withSequence(sequence);
    }
  }

  /** Several writes. */
  static final class Several extends WriteBatch {
    private final Map<String, Map<String, Write>> writes;
    private final List<Precondition> conditions;
    private final boolean clears;

    /** What deletes keys that come late; null: nothing does. */
    private final @Nullable Write late;

    /** What it removes; null if nobody listens. */
    private final @Nullable BatchRemovals removals;

    private Several(
        long charge,
        Map<String, Map<String, Write>> writes,
        List<Precondition> conditions,
        boolean clears,
        @Nullable Write late,
        @Nullable BatchRemovals removals) {
      super(charge);
      this.writes = writes;
      this.conditions = conditions;
      this.clears = clears;
      this.late = late;
      this.removals = removals;
    }

    @Override
    boolean holds(Layers layers, long dropped, long sequence) {
      if (removals != null && !removals.holds(dropped)) {
        return false;
      }
      for (Precondition condition : conditions) {
        if (!condition.holds(layers, dropped, sequence)) {
          return false;
        }
      }
      return true;
    }

    /** Adds what depends on what is there now; for whoever holds the buffer's lock. */
    void complete(Layers layers) {
      Write deletion = late;
      if (deletion != null) {
        writes.forEach(
            (namespace, byKey) ->
                layers
                    .active()
                    .forEach(namespace, (key, latest) -> byKey.putIfAbsent(key, deletion)));
      }
    }

    @Override
    boolean mayRemoveFrom(Set<String> namespaces) {
      return !Collections.disjoint(writes.keySet(), namespaces);
    }

    @Override
    boolean clears() {
      return clears;
    }

    @Override
    void forEach(Cut.Visitor<RuntimeException> visitor) {
      writes.forEach(
          (namespace, byKey) ->
              byKey.forEach((key, write) -> visitor.visit(namespace, key, write)));
    }

    @Override
    Several telling(BatchRemovals told) {
      return new Several(charge(), writes, conditions, clears, late, told);
    }

    /** What it removes; null if nobody listens. */
    @Nullable BatchRemovals removals() {
      return removals;
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

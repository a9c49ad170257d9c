package io.nadb.internal.store;

import io.nadb.spi.Cut;
import io.nadb.spi.Utf8;
import io.nadb.spi.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The writes since the last cut: the latest of each key, and their size. Readers read it at any
 * time; the write buffer's lock is held by whoever changes it. As a cut, it is sealed: nobody
 * changes it any more.
 */
final class MemTable implements Cut {
  /** What an entry counts at least, so that a flood of tiny entries can't fill the heap. */
  static final int MIN_CHARGE = 64;

  private static final int INITIAL_KEYS = 64;
  private static final int MAX_KEYS = 1 << 16;

  private final ConcurrentHashMap<String, Namespace> namespaces = new ConcurrentHashMap<>();
  private final Map<String, Integer> expected;
  private final @Nullable OpenViews views;

  // Exact under the lock; others read them for figures, so no write needs a fence.
  private final AtomicLong sequence = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger keys = new AtomicInteger();

  /** When the first write came; 0 if none has. */
  private final AtomicLong oldest = new AtomicLong();

  /** When the first entry expires that has been put in; exact or too early, under the lock. */
  private long earliestExpiry = Write.NEVER;

  /**
   * The bytes of namespaces, keys, values and tags, with two more for each tag; exact under the
   * lock.
   */
  private long content;

  /**
   * Creates an empty layer.
   *
   * @param before the layer before, from whose sizes this one's are guessed; null if there is none
   * @param views who has to know what is replaced; null if nobody
   */
  MemTable(@Nullable MemTable before, @Nullable OpenViews views) {
    this.views = views;
    this.expected = new HashMap<>();
    if (before != null) {
      before.namespaces.forEach(
          (name, keys) -> expected.put(name, expectedKeys(keys.inOrder.size())));
    }
  }

  /** What two layers have together, for whoever holds the buffer's lock. */
  static MemTable copy(MemTable newer, @Nullable MemTable older) {
    MemTable copy = new MemTable(null, null);
    copy.putUnder(newer);
    if (older != null) {
      copy.putUnder(older);
    }
    return copy;
  }

  /** Half as many again as last time, but no more than it is worth to be wrong about. */
  private static int expectedKeys(int lastTime) {
    return Math.max(INITIAL_KEYS, Math.min(MAX_KEYS, lastTime + lastTime / 2));
  }

  /**
   * A key's slot: it stays the same when the key is written again.
   *
   * <p>In the order of their making, slots, keys and values lie one after another in the heap, so a
   * cut that goes through them in that order finds them in the processor's cache; in the order of a
   * hash table, it would wait for each.
   */
  static final class Slot {
    private final String key;

    /** The latest write; null as long as one is on its way, which counts as no slot at all. */
    private volatile @Nullable Write write;

    private Slot(String key, @Nullable Write write) {
      this.key = key;
      this.write = write;
    }

    String key() {
      return key;
    }

    @Nullable Write write() {
      return write;
    }

    /** Puts a write in, which somebody has counted or is about to. */
    void put(Write newWrite) {
      write = newWrite;
    }
  }

  /** The slots of one namespace: by key, and in the order of their making. */
  static final class Namespace {
    private final int nameBytes;
    private final ConcurrentHashMap<String, Slot> byKey;
    private final ArrayList<Slot> inOrder;

    private Namespace(String name, int expectedKeys) {
      nameBytes = Utf8.length(name);
      byKey = new ConcurrentHashMap<>(expectedKeys);
      inOrder = new ArrayList<>(expectedKeys);
    }

    /** How many bytes its name has. */
    int nameBytes() {
      return nameBytes;
    }

    /** A key's slot; one without a write if there has been none. */
    Slot slot(String key) {
      Slot slot = byKey.get(key);
      return slot == null ? add(key, null) : slot;
    }

    private Slot add(String key, @Nullable Write write) {
      Slot slot = new Slot(key, write);
      inOrder.ensureCapacity(inOrder.size() + 1); // What can fail comes before what shows it.
      byKey.put(key, slot);
      inOrder.add(slot);
      return slot;
    }
  }

  @Nullable Write get(String namespace, String key) {
    Namespace slots = namespaces.get(namespace);
    Slot slot = slots == null ? null : slots.byKey.get(key);
    return slot == null ? null : slot.write;
  }

  /** The write that a view sees; null if it sees none in here. */
  @Nullable Write get(String namespace, String key, View view) {
    Namespace slots = namespaces.get(namespace);
    Slot slot = slots == null ? null : slots.byKey.get(key);
    return slot == null ? null : view.in(slot);
  }

  Set<String> namespaces() {
    return namespaces.keySet();
  }

  /** Shows a namespace's writes, in no order, while others may be writing. */
  void forEach(String namespace, BiConsumer<String, Write> each) {
    Namespace slots = namespaces.get(namespace);
    if (slots != null) {
      slots.byKey.forEach(
          (key, slot) -> {
            Write write = slot.write;
            if (write != null) {
              each.accept(key, write);
            }
          });
    }
  }

  /** Shows the writes of a namespace that a view sees, in no order, while others may be writing. */
  void forEach(String namespace, View view, BiConsumer<String, Write> each) {
    Namespace slots = namespaces.get(namespace);
    if (slots != null) {
      slots.byKey.forEach(
          (key, slot) -> {
            Write write = view.in(slot);
            if (write != null) {
              each.accept(key, write);
            }
          });
    }
  }

  /**
   * Puts a write in, as it is when the one that it replaces comes directly before it.
   *
   * @return what has been put in
   */
  Write put(String namespace, String key, Write write) {
    Namespace slots = slots(namespace);
    Slot slot = slots.byKey.get(key);
    Write before = slot == null ? null : slot.write;
    Write placed = Creation.after(before, write);
    if (slot != null && before != null) {
      replacing(slot, before);
    }
    put(slots, slot, key, before, placed);
    note(placed.updated(), placed.sequence());
    return placed;
  }

  /**
   * Takes in an older layer, whose writes stand where this one has none: the result is what one
   * buffer would hold had there been no cut between the two.
   */
  void putUnder(MemTable older) {
    older.forEach(
        (namespace, key, earlier) -> {
          Namespace slots = slots(namespace);
          Slot slot = slots.byKey.get(key);
          Write before = slot == null ? null : slot.write;
          Write write = before == null ? earlier : Creation.after(earlier, before);
          put(slots, slot, key, before, write);
        });
    sequence.setOpaque(Math.max(sequence.getPlain(), older.sequence.getPlain()));
    oldest.setOpaque(older.oldest.getPlain());
  }

  /** The slots of a namespace, for whoever holds the buffer's lock. */
  Namespace slots(String namespace) {
    Namespace slots = namespaces.get(namespace);
    if (slots == null) {
      slots = new Namespace(namespace, expected.getOrDefault(namespace, INITIAL_KEYS));
      namespaces.put(namespace, slots);
    }
    return slots;
  }

  /** Has open views keep a write that is about to be replaced. */
  void replacing(Slot slot, Write write) {
    if (views != null) {
      views.replacing(slot, write);
    }
  }

  private void put(
      Namespace slots, @Nullable Slot slot, String key, @Nullable Write before, Write write) {
    if (slot == null) {
      slots.add(key, write);
    } else {
      slot.put(write);
    }
    if (before == null) {
      keys.setOpaque(keys.getPlain() + 1);
      content += slots.nameBytes;
    } else {
      count(key, before, -1);
    }
    count(key, write, 1);
  }

  private void count(String key, Write write, int sign) {
    long length = length(key, write);
    bytes.setOpaque(bytes.getPlain() + sign * charge(length));
    content += sign * content(length, write);
    if (write.expiresAt() < earliestExpiry) {
      earliestExpiry = write.expiresAt();
    }
  }

  /** Counts what has been put into slots. */
  void count(int newKeys, long moreBytes, long moreContent, long firstExpiry) {
    keys.setOpaque(keys.getPlain() + newKeys);
    bytes.setOpaque(bytes.getPlain() + moreBytes);
    content += moreContent;
    earliestExpiry = Math.min(earliestExpiry, firstExpiry);
  }

  /** Notes when a write was made that has been put in, and the number of the last one. */
  void note(long updated, long lastSequence) {
    if (oldest.getPlain() == 0) {
      oldest.setOpaque(updated);
    }
    sequence.setOpaque(lastSequence);
  }

  /** When the first entry expires, or earlier; for whoever holds the buffer's lock. */
  long earliestExpiry() {
    return earliestExpiry;
  }

  boolean isEmpty() {
    return keys.getOpaque() == 0;
  }

  /** When the first write came, in milliseconds of the wall clock; 0 if none has. */
  long oldest() {
    return oldest.getOpaque();
  }

  long bytes() {
    return bytes.getOpaque();
  }

  /** How many bytes a write has: those of its key, of its tags, and of the value that is in it. */
  static long length(String key, Write write) {
    return (long) Utf8.length(key) + valueBytes(write) + tagBytes(write.tags());
  }

  /** What a write of that many bytes counts in the buffer. */
  static long charge(long length) {
    return Math.max(MIN_CHARGE, length);
  }

  /** What it counts in a cut, but for its namespace. */
  static long content(long length, Write write) {
    return length + (long) Short.BYTES * write.tags().size();
  }

  /** What a write counts in the buffer. */
  static int charge(String key, Write write) {
    return charge(key, valueBytes(write), write.tags());
  }

  private static int valueBytes(Write write) {
    return write.hasValue() ? write.value().length : 0;
  }

  /** What an entry counts in the buffer: the bytes of its key, value and tags. */
  static int charge(String key, int valueLength, Set<String> tags) {
    return Math.max(MIN_CHARGE, Utf8.length(key) + valueLength + tagBytes(tags));
  }

  private static int tagBytes(Set<String> tags) {
    int sum = 0;
    if (!tags.isEmpty()) { // Spares most writes an iterator.
      for (String tag : tags) {
        sum += Utf8.length(tag);
      }
    }
    return sum;
  }

  @Override
  public long sequence() {
    return sequence.getOpaque();
  }

  @Override
  public int size() {
    return keys.getOpaque();
  }

  @Override
  public long contentBytes() {
    return content;
  }

  @Override
  public <E extends Exception> void forEach(Visitor<E> visitor) throws E {
    for (Map.Entry<String, Namespace> namespace : namespaces.entrySet()) {
      String name = namespace.getKey();
      for (Slot slot : namespace.getValue().inOrder) {
        Write write = slot.write;
        if (write != null) {
          visitor.visit(name, slot.key, write);
        }
      }
    }
  }
}

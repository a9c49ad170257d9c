package io.nadb.internal.store;

import io.nadb.spi.Cut;
import io.nadb.spi.Utf8;
import io.nadb.spi.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

  // Exact under the lock; others read them for figures, so no write needs a fence.
  private final AtomicLong sequence = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger keys = new AtomicInteger();

  /** When the first write came; 0 if none has. */
  private final AtomicLong oldest = new AtomicLong();

  /** When the first entry expires that has been put in; exact or too early, under the lock. */
  private long earliestExpiry = Write.NEVER;

  /** The bytes of keys, values and tags, with two more for each tag; exact under the lock. */
  private long content;

  /**
   * Creates an empty layer.
   *
   * @param before the layer before, from whose sizes this one's are guessed; null if there is none
   */
  MemTable(@Nullable MemTable before) {
    this.expected = new HashMap<>();
    if (before != null) {
      before.namespaces.forEach(
          (name, keys) -> expected.put(name, expectedKeys(keys.inOrder.size())));
    }
  }

  /** Half as many again as last time, but no more than it is worth to be wrong about. */
  private static int expectedKeys(int lastTime) {
    return Math.max(INITIAL_KEYS, Math.min(MAX_KEYS, lastTime + lastTime / 2));
  }

  /**
   * A key's place: it stays the same when the key is written again.
   *
   * <p>In the order of their making, places, keys and values lie one after another in the heap, so
   * a cut that goes through them in that order finds them in the processor's cache; in the order of
   * a hash table, it would wait for each.
   */
  private static final class Place {
    final String key;
    volatile Write write;

    Place(String key, Write write) {
      this.key = key;
      this.write = write;
    }
  }

  /** The places of one namespace: by key, and in the order of their making. */
  private static final class Namespace {
    final ConcurrentHashMap<String, Place> byKey;
    final List<Place> inOrder;

    Namespace(int expectedKeys) {
      byKey = new ConcurrentHashMap<>(expectedKeys);
      inOrder = new ArrayList<>(expectedKeys);
    }
  }

  @Nullable Write get(String namespace, String key) {
    Namespace places = namespaces.get(namespace);
    Place place = places == null ? null : places.byKey.get(key);
    return place == null ? null : place.write;
  }

  Set<String> namespaces() {
    return namespaces.keySet();
  }

  /** Shows a namespace's writes, in no order, while others may be writing. */
  void forEach(String namespace, BiConsumer<String, Write> each) {
    Namespace places = namespaces.get(namespace);
    if (places != null) {
      places.byKey.forEach((key, place) -> each.accept(key, place.write));
    }
  }

  /**
   * Puts a write in, as it is when the one that it replaces comes directly before it.
   *
   * @return what has been put in
   */
  Write put(String namespace, String key, Write write) {
    if (oldest.getPlain() == 0) {
      oldest.setOpaque(write.updated());
    }
    Namespace places = places(namespace);
    Place place = places.byKey.get(key);
    Write placed = write;
    if (place == null) {
      add(places, key, write);
    } else {
      placed = Creation.after(place.write, write);
      replace(place, placed);
    }
    sequence.setOpaque(write.sequence());
    return placed;
  }

  /**
   * Takes in an older layer, whose writes stand where this one has none: the result is what one
   * buffer would hold had there been no cut between the two.
   */
  void putUnder(MemTable older) {
    older.forEach(
        (namespace, key, earlier) -> {
          Namespace places = places(namespace);
          Place place = places.byKey.get(key);
          if (place == null) {
            add(places, key, earlier);
          } else {
            replace(place, Creation.after(earlier, place.write));
          }
        });
    sequence.setOpaque(Math.max(sequence.getPlain(), older.sequence.getPlain()));
    oldest.setOpaque(older.oldest.getPlain());
  }

  private Namespace places(String namespace) {
    Namespace places = namespaces.get(namespace);
    if (places == null) {
      places = new Namespace(expected.getOrDefault(namespace, INITIAL_KEYS));
      namespaces.put(namespace, places);
    }
    return places;
  }

  private void add(Namespace places, String key, Write write) {
    Place place = new Place(key, write);
    places.inOrder.add(place);
    places.byKey.put(key, place);
    keys.setOpaque(keys.getPlain() + 1);
    count(key, write, 1);
  }

  private void replace(Place place, Write write) {
    count(place.key, place.write, -1);
    place.write = write;
    count(place.key, write, 1);
  }

  private void count(String key, Write write, int sign) {
    long length = Utf8.length(key) + (write.isDelete() ? 0L : write.value().length);
    long withTags = length + tagBytes(write.tags());
    bytes.setOpaque(bytes.getPlain() + sign * Math.max(MIN_CHARGE, withTags));
    content += sign * (withTags + (long) Short.BYTES * write.tags().size());
    if (write.expiresAt() < earliestExpiry) {
      earliestExpiry = write.expiresAt();
    }
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

  /** What a write counts in the buffer. */
  static int charge(String key, Write write) {
    return charge(key, write.isDelete() ? 0 : write.value().length, write.tags());
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
    long sum = content;
    for (Map.Entry<String, Namespace> namespace : namespaces.entrySet()) {
      sum += (long) Utf8.length(namespace.getKey()) * namespace.getValue().inOrder.size();
    }
    return sum;
  }

  @Override
  public <E extends Exception> void forEach(Visitor<E> visitor) throws E {
    for (Map.Entry<String, Namespace> namespace : namespaces.entrySet()) {
      String name = namespace.getKey();
      for (Place place : namespace.getValue().inOrder) {
        visitor.visit(name, place.key, place.write);
      }
    }
  }
}

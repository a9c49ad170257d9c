package io.nadb.internal.store;

import io.nadb.spi.Cut;
import io.nadb.spi.Utf8;
import io.nadb.spi.Write;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The writes since the last cut: the latest of each key, and their size. Readers read it at any
 * time; the write buffer's lock is held by whoever changes it.
 */
final class Layer implements Cut {
  /** What an entry counts at least, so that a flood of tiny entries can't fill the heap. */
  static final int LEAST_CHARGE = 64;

  private static final int FIRST_KEYS = 64;
  private static final int MOST_KEYS = 1 << 16;

  private final ConcurrentHashMap<String, ConcurrentHashMap<String, Write>> namespaces =
      new ConcurrentHashMap<>();
  private final Map<String, Integer> expected;

  // Exact under the lock; others read them for figures, so no write needs a fence.
  private final AtomicLong sequence = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger keys = new AtomicInteger();

  /**
   * Creates an empty layer.
   *
   * @param before the layer before, from whose sizes this one's are guessed; null if there is none
   */
  Layer(@Nullable Layer before) {
    this.expected = new HashMap<>();
    if (before != null) {
      before.namespaces.forEach((name, map) -> expected.put(name, expectedKeys(map.size())));
    }
  }

  /** Half as many again as last time, but no more than it is worth to be wrong about. */
  private static int expectedKeys(int lastTime) {
    return Math.max(FIRST_KEYS, Math.min(MOST_KEYS, lastTime + lastTime / 2));
  }

  @Nullable Write get(String namespace, String key) {
    ConcurrentHashMap<String, Write> map = namespaces.get(namespace);
    return map == null ? null : map.get(key);
  }

  Map<String, Write> namespace(String namespace) {
    Map<String, Write> map = namespaces.get(namespace);
    return map == null ? Map.of() : map;
  }

  /** Puts a write in, in place of {@code replaced}, which is what {@link #get} returned. */
  void put(String namespace, String key, Write write, @Nullable Write replaced) {
    ConcurrentHashMap<String, Write> map = namespaces.get(namespace);
    if (map == null) {
      map = new ConcurrentHashMap<>(expected.getOrDefault(namespace, FIRST_KEYS));
      namespaces.put(namespace, map);
    }
    map.put(key, write);
    long added = charge(key, write);
    if (replaced == null) {
      keys.setOpaque(keys.getPlain() + 1);
    } else {
      added -= charge(key, replaced);
    }
    bytes.setOpaque(bytes.getPlain() + added);
    sequence.setOpaque(Math.max(sequence.getPlain(), write.sequence()));
  }

  /**
   * Takes in an older layer, whose writes stand where this one has none: the result is what one
   * buffer would hold had there been no cut between the two.
   */
  void putUnder(Layer older) {
    older.namespaces.forEach(
        (namespace, writes) ->
            writes.forEach(
                (key, earlier) -> {
                  Write later = get(namespace, key);
                  if (later == null) {
                    put(namespace, key, earlier, null);
                  } else {
                    put(namespace, key, Creation.after(earlier, later), later);
                  }
                }));
    sequence.setOpaque(Math.max(sequence.getPlain(), older.sequence.getPlain()));
  }

  boolean isEmpty() {
    return keys.getOpaque() == 0;
  }

  long bytes() {
    return bytes.getOpaque();
  }

  /** What a write counts in the buffer. */
  static int charge(String key, Write write) {
    return write.isDelete()
        ? charge(key, 0, write.tags())
        : charge(key, write.value().length, write.tags());
  }

  /** What an entry counts in the buffer: the bytes of its key, value and tags. */
  static int charge(String key, int valueLength, Iterable<String> tags) {
    int sum = Utf8.length(key) + valueLength;
    for (String tag : tags) {
      sum += Utf8.length(tag);
    }
    return Math.max(LEAST_CHARGE, sum);
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
  public Map<String, ? extends Map<String, Write>> writes() {
    return namespaces;
  }
}

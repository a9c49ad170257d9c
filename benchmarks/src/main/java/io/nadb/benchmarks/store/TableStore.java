package io.nadb.benchmarks.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A peer that keeps ordered tables of bytes, with the tags and the TTL that it lacks built by hand.
 *
 * <pre>
 * ENTRIES  key            → value, or if labelled: expiry (8 bytes), tags, value
 * TAGS     tag 0 key      → expiry
 * EXPIRY   expiry key     → nothing
 * </pre>
 *
 * A posting has the expiry time beside it, so that a query by tag is one scan of neighbouring keys
 * and looks up nothing. Setting an entry reads the one it replaces, to remove its postings.
 */
abstract class TableStore implements Store {
  /** The ordered tables. */
  enum Table {
    ENTRIES,
    TAGS,
    EXPIRY
  }

  /** Takes what a scan finds. */
  @FunctionalInterface
  interface Visitor {
    /** Returns whether to go on. */
    boolean visit(byte[] key, byte[] value);
  }

  private static final byte[] NOTHING = {};

  private final Setup setup;
  private final boolean oneWriter;
  private final Pace pace;

  /**
   * Remembers how the store is used.
   *
   * @param oneWriter whether a write and the commit after it must not mix with those of others
   */
  TableStore(Setup setup, boolean oneWriter) {
    this.setup = setup;
    this.oneWriter = oneWriter;
    this.pace = new Pace(setup.discipline(), this::commit);
  }

  /** Returns a copy of what the table has for the key, the writes of the current batch included. */
  abstract byte @Nullable [] read(Table table, byte[] key);

  /** Puts into the current batch. */
  abstract void write(Table table, byte[] key, byte[] value);

  /** Removes in the current batch. */
  abstract void remove(Table table, byte[] key);

  /** Visits the keys from {@code from} on, in order; without their values unless asked for them. */
  abstract void scan(Table table, byte[] from, boolean values, Visitor visitor);

  /** Told after all that belongs to one entry was put or removed. */
  void endEntry() {}

  /** Ends the current batch and makes it durable. */
  abstract void commit();

  @Override
  public final void set(String key, byte[] value) {
    byte[] name = key.getBytes(UTF_8);
    if (oneWriter && setup.discipline() == Discipline.EACH) {
      synchronized (this) {
        write(Table.ENTRIES, name, setup.labelled() ? entry(0, List.of(), value) : value);
        commit();
      }
      return;
    }
    write(Table.ENTRIES, name, setup.labelled() ? entry(0, List.of(), value) : value);
    written(name.length + value.length);
  }

  @Override
  public final byte @Nullable [] get(String key) {
    byte[] found = read(Table.ENTRIES, key.getBytes(UTF_8));
    if (found == null || !setup.labelled()) {
      return found;
    }
    return expiry(found) < System.currentTimeMillis()
        ? null
        : Arrays.copyOfRange(found, valueStart(found), found.length);
  }

  @Override
  public final void set(String key, byte[] value, Labels labels) {
    byte[] name = key.getBytes(UTF_8);
    unlink(name);
    long expiry = System.currentTimeMillis() + labels.ttl().toMillis();
    write(Table.ENTRIES, name, entry(expiry, labels.tags(), value));
    int bytes = name.length + value.length;
    for (String tag : labels.tags()) {
      write(Table.TAGS, posting(tag, name), expiryKey(expiry, NOTHING));
      bytes += tag.length();
    }
    write(Table.EXPIRY, expiryKey(expiry, name), NOTHING);
    written(bytes);
  }

  @Override
  public final void flush() {
    pace.end();
  }

  @Override
  public final List<String> keys(String prefix) {
    byte[] start = prefix.getBytes(UTF_8);
    long now = System.currentTimeMillis();
    List<String> keys = new ArrayList<>();
    scan(
        Table.ENTRIES,
        start,
        setup.labelled(),
        (key, value) -> {
          if (!startsWith(key, start)) {
            return false;
          }
          if (!setup.labelled() || expiry(value) > now) {
            keys.add(new String(key, UTF_8));
          }
          return true;
        });
    return keys;
  }

  @Override
  public final List<String> keysWithTag(String tag) {
    byte[] start = posting(tag, NOTHING);
    long now = System.currentTimeMillis();
    List<String> keys = new ArrayList<>();
    scan(
        Table.TAGS,
        start,
        true,
        (key, value) -> {
          if (!startsWith(key, start)) {
            return false;
          }
          if (expiry(value) > now) {
            keys.add(new String(key, start.length, key.length - start.length, UTF_8));
          }
          return true;
        });
    return keys;
  }

  @Override
  public final int removeExpired() {
    long now = System.currentTimeMillis();
    List<byte[]> gone = new ArrayList<>();
    scan(
        Table.EXPIRY,
        NOTHING,
        false,
        (key, value) -> {
          if (ByteBuffer.wrap(key).getLong() > now) {
            return false;
          }
          gone.add(Arrays.copyOfRange(key, Long.BYTES, key.length));
          return true;
        });
    for (byte[] key : gone) {
      unlink(key);
      remove(Table.ENTRIES, key);
    }
    flush();
    return gone.size();
  }

  /** Removes the postings of the entry that the key has now. */
  private void unlink(byte[] key) {
    byte[] old = read(Table.ENTRIES, key);
    if (old == null || expiry(old) == Long.MAX_VALUE) {
      return;
    }
    for (String tag : tags(old)) {
      remove(Table.TAGS, posting(tag, key));
    }
    remove(Table.EXPIRY, expiryKey(expiry(old), key));
  }

  private void written(int bytes) {
    endEntry();
    pace.written(bytes);
  }

  private static byte[] entry(long expiry, List<String> tags, byte[] value) {
    int size = Long.BYTES + 1 + value.length;
    List<byte[]> names = new ArrayList<>(tags.size());
    for (String tag : tags) {
      byte[] name = tag.getBytes(UTF_8);
      names.add(name);
      size += 1 + name.length;
    }
    ByteBuffer entry = ByteBuffer.allocate(size).putLong(expiry == 0 ? Long.MAX_VALUE : expiry);
    entry.put((byte) names.size());
    for (byte[] name : names) {
      entry.put((byte) name.length).put(name);
    }
    return entry.put(value).array();
  }

  private static long expiry(byte[] entry) {
    return ByteBuffer.wrap(entry).getLong();
  }

  private static int valueStart(byte[] entry) {
    int at = Long.BYTES + 1;
    for (int tag = 0; tag < entry[Long.BYTES]; tag++) {
      at += 1 + entry[at];
    }
    return at;
  }

  private static List<String> tags(byte[] entry) {
    List<String> tags = new ArrayList<>();
    int at = Long.BYTES + 1;
    for (int tag = 0; tag < entry[Long.BYTES]; tag++) {
      tags.add(new String(entry, at + 1, entry[at], UTF_8));
      at += 1 + entry[at];
    }
    return tags;
  }

  private static byte[] posting(String tag, byte[] key) {
    byte[] name = tag.getBytes(UTF_8);
    byte[] posting = Arrays.copyOf(name, name.length + 1 + key.length);
    System.arraycopy(key, 0, posting, name.length + 1, key.length);
    return posting;
  }

  private static byte[] expiryKey(long expiry, byte[] key) {
    return ByteBuffer.allocate(Long.BYTES + key.length).putLong(expiry).put(key).array();
  }

  private static boolean startsWith(byte[] key, byte[] start) {
    return key.length >= start.length
        && Arrays.equals(key, 0, start.length, start, 0, start.length);
  }
}

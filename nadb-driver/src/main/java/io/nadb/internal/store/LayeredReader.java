package io.nadb.internal.store;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.NadbException;
import io.nadb.internal.failure.Reason;
import io.nadb.internal.report.Logbook;
import io.nadb.internal.store.WriteBuffer.Layers;
import io.nadb.spi.DirectBackend;
import io.nadb.spi.ExpiredKey;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.StoredValue;
import io.nadb.spi.Write;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads through the active layer, the sealed layer and the backend, in this order, so that a write
 * is visible at every moment: a layer leaves only after the backend has it.
 *
 * <p>A value is read without a lock, as it was at one moment during the call. What takes more than
 * one look is answered from a {@link View}.
 */
final class LayeredReader {
  private static final Logbook LOG = Logbook.of(LayeredReader.class);
  private static final byte[] NO_VALUE = {};
  private static final DirectBackend.Removal NOTHING = new DirectBackend.Removal(0, false);

  private final String name;
  private final WriteBuffer buffer;
  private final StorageBackend backend;
  private final TouchedValues touched;

  /**
   * Whether the backend's entries may have expired; else it decides that, by a clock of its own.
   */
  private final boolean judges;

  LayeredReader(String name, WriteBuffer buffer, StorageBackend backend) {
    this.name = name;
    this.buffer = buffer;
    this.backend = backend;
    this.touched = new TouchedValues(buffer, this::read);
    this.judges = !(backend instanceof DirectBackend);
  }

  /**
   * The latest version of a key.
   *
   * @param entry the entry, expired or not; null if there is none
   * @param alive whether there is one that has not expired
   */
  record Found(@Nullable StoredEntry entry, boolean alive) {}

  byte @Nullable [] value(String namespace, String key, LongSupplier now) {
    Write write = buffer.read(namespace, key);
    if (write != null) {
      return write.isGoneNow(now)
          ? null
          : write.hasValue() ? write.value().clone() : touched(namespace, key, write, now);
    }
    try {
      return backend.value(namespace, key, now);
    } catch (IOException | InternalError e) { // The JVM may tell late of a page that can't be read.
      throw failed(e);
    }
  }

  /** The value that a buffered touch has left as it was, or what has come after it meanwhile. */
  private byte @Nullable [] touched(String namespace, String key, Write touch, LongSupplier now) {
    byte[] value = touched.value(namespace, key, touch);
    return value == null ? value(namespace, key, now) : value;
  }

  /** Whether a touch need not have the value that it leaves as it is. */
  boolean takesTouches() {
    return backend.takesTouches();
  }

  /** Looks up the latest version of a key. */
  Found look(String namespace, String key, long now) {
    Write write = buffer.read(namespace, key);
    if (write == null) {
      StoredEntry stored = stored(namespace, key);
      return new Found(stored, stored != null && !isGone(stored, now));
    }
    return write.isDelete()
        ? new Found(null, false)
        : new Found(entry(key, write, write.created()), !write.isGoneAt(now));
  }

  /**
   * The latest version of a key.
   *
   * @param sequence the number of the write that made it, be it a deletion; 0 if none is known
   * @param entry the entry; null if there is none, or it is gone
   * @param value the value itself, not to be changed; empty if it was not asked for
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Latest(long sequence, @Nullable StoredEntry entry, byte[] value) {
    private static final Latest NONE = new Latest(0, null, NO_VALUE);

    boolean isAlive() {
      return entry != null;
    }

    /** Whether it is known which write has made it; else there may have been a deletion. */
    boolean isKnown() {
      return sequence > 0;
    }
  }

  /** Looks up the latest version of a key, entry and value of one write. */
  Latest latest(String namespace, String key, long now, boolean withValue) {
    Write write = buffer.read(namespace, key);
    if (write != null) {
      if (write.isGoneAt(now)) {
        return new Latest(write.sequence(), null, NO_VALUE);
      }
      byte[] value = withValue ? ownOrTouched(namespace, key, write) : NO_VALUE;
      if (value == null) {
        return latest(namespace, key, now, true);
      }
      // Unless it is older than the update, what counts as the creation is not known yet.
      long created = Math.min(write.created(), write.updated());
      return new Latest(write.sequence(), entry(key, write, created), value);
    }
    return latestStored(namespace, key, now, withValue);
  }

  private byte @Nullable [] ownOrTouched(String namespace, String key, Write write) {
    return write.hasValue() ? write.value() : touched.value(namespace, key, write);
  }

  private Latest latestStored(String namespace, String key, long now, boolean withValue) {
    StoredEntry entry;
    byte[] value = NO_VALUE;
    if (withValue) {
      StoredValue stored = read(namespace, key);
      entry = stored == null ? null : stored.entry();
      value = stored == null ? NO_VALUE : stored.value();
    } else {
      entry = stored(namespace, key);
    }
    return entry == null
        ? Latest.NONE
        : isGone(entry, now)
            ? new Latest(entry.sequence(), null, NO_VALUE)
            : new Latest(entry.sequence(), entry, value);
  }

  /**
   * The latest version of a key, be it expired.
   *
   * @param entry the entry as users see it, created when the key came into being; null if there is
   *     none
   * @param value the value itself, not to be changed; null if it is not at hand
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Version(@Nullable StoredEntry entry, byte @Nullable [] value) {
    static final Version NONE = new Version(null, null);
  }

  /** Looks up the latest version of a key, expired or not. */
  Version version(String namespace, String key) {
    Layers layers = buffer.layers();
    Write latest = layers.latest(namespace, key);
    if (latest != null && latest.isDelete()) {
      return Version.NONE;
    }
    Version stored =
        latest == null || latest.inheritsCreated()
            ? new Version(stored(namespace, key), null)
            : Version.NONE;
    return latest == null ? stored : version(layers, namespace, key, stored);
  }

  /**
   * The latest version of a key that is in the layers.
   *
   * @param older what was there before, or what the backend holds
   */
  static Version version(Layers layers, String namespace, String key, Version older) {
    Write below = layers.sealed() == null ? null : layers.sealed().get(namespace, key);
    Write above = layers.active().get(namespace, key);
    Write latest = above == null ? below : above;
    if (latest == null || latest.isDelete()) {
      return Version.NONE;
    }
    Write resolved = above == null ? latest : Creation.after(below, latest);
    long created = Creation.resolve(resolved, older.entry());
    byte[] value = latest.hasValue() ? latest.value() : older.value(); // A touch leaves it.
    return new Version(entry(key, latest, created), value);
  }

  /** A version together with its value, which the backend has, if that can be read. */
  Version withValue(String namespace, String key, Version version) {
    try {
      StoredValue stored = backend.read(namespace, key);
      return stored == null ? version : new Version(version.entry(), stored.value());
    } catch (IOException | NadbException | InternalError e) {
      LOG.log(
          Level.WARNING,
          "store "
              + name
              + ": a listener is told of the removal of '"
              + key
              + "' without its value, which can't be read: "
              + Reason.of(e),
          e);
      return version;
    }
  }

  /** Returns an entry with its value, an array of the caller's own; null if there is none. */
  @Nullable Entry entry(String namespace, String key, long now) {
    while (true) {
      Write write = buffer.read(namespace, key);
      if (write == null) {
        StoredValue stored = read(namespace, key);
        return stored == null || isGone(stored.entry(), now)
            ? null
            : new Entry(stored.entry().toMetadata(), stored.value());
      }
      if (write.isGoneAt(now)) {
        return null;
      }
      if (!write.inheritsCreated() && write.hasValue()) {
        return new Entry(entry(key, write, write.created()).toMetadata(), write.value().clone());
      }
      Optional<Entry> found = atOneMoment(now, view -> view.bufferedEntry(namespace, key));
      if (found.isPresent()) {
        return found.get();
      }
    } // Else it has left the buffer meanwhile, or was removed.
  }

  private @Nullable StoredValue read(String namespace, String key) {
    try {
      return backend.read(namespace, key);
    } catch (IOException | InternalError e) { // The JVM may tell late of a page that can't be read.
      throw failed(e);
    }
  }

  private boolean isGone(StoredEntry stored, long now) {
    return judges && stored.isGoneAt(now);
  }

  @Nullable EntryMetadata metadata(String namespace, String key, long now) {
    Write write = buffer.read(namespace, key);
    if (write == null) {
      StoredEntry stored = stored(namespace, key);
      return stored == null || isGone(stored, now) ? null : stored.toMetadata();
    }
    if (write.isGoneAt(now)) {
      return null;
    }
    return write.inheritsCreated()
        ? atOneMoment(now, view -> view.metadata(namespace, key)).orElse(null)
        : entry(key, write, write.created()).toMetadata();
  }

  /** Returns the values of those of the keys that exist, of one moment. */
  Map<String, byte[]> values(String namespace, List<String> keys, long now) {
    return atOneMoment(now, view -> view.recentValues(namespace, keys));
  }

  List<String> keys(String namespace, String prefix, long now) {
    return atOneMoment(now, view -> view.keys(namespace, prefix));
  }

  List<EntryMetadata> tagged(String namespace, Set<String> tags, long now) {
    return atOneMoment(now, view -> view.tagged(namespace, tags));
  }

  SortedMap<String, Long> tagCounts(String namespace, long now) {
    return atOneMoment(now, view -> view.tagCounts(namespace));
  }

  long size(String namespace, long now) {
    return atOneMoment(now, view -> view.size(namespace));
  }

  /** Returns all keys of a namespace that the backend or the buffer has, expired ones included. */
  Set<String> everyKey(String namespace) {
    return atOneMoment(0, view -> view.everyKey(namespace));
  }

  /** A question that is answered from one view. */
  interface ViewQuestion<T> {
    T ask(ViewReader view) throws IOException;
  }

  <T> T atOneMoment(long now, ViewQuestion<T> question) {
    try (View view = buffer.view(backend::view)) {
      return question.ask(new ViewReader(view, judges, now));
    } catch (IOException | InternalError e) { // The JVM may tell late of a page that can't be read.
      throw failed(e);
    }
  }

  /** Returns the backend's expired keys that no buffered write has replaced yet. */
  List<ExpiredKey> expired(@Nullable String namespace, long now, int limit) {
    return ask(() -> backend.expired(namespace, now, limit));
  }

  /** Does a step towards answering {@link #expired} at once. */
  StorageBackend.Progress prepareExpired() {
    return ask(backend::prepareExpired);
  }

  /** Has the backend get ready for listings and queries, before flushes are kept waiting. */
  void prepareQueries() {
    tell(backend::prepareQueries);
  }

  /** Removes expired entries from a backend that does that at once; does nothing to others. */
  DirectBackend.Removal removeExpired(@Nullable String namespace) {
    return backend instanceof DirectBackend direct
        ? ask(() -> direct.removeExpired(namespace))
        : NOTHING;
  }

  /** Returns the buffered entries that have expired. */
  List<ExpiredKey> expiredInBuffer(@Nullable String namespace, long now) {
    List<ExpiredKey> keys = new ArrayList<>();
    MemTable active = buffer.layers().active();
    for (String space : namespace == null ? active.namespaces() : Set.of(namespace)) {
      active.forEach(
          space,
          (key, write) -> {
            if (!write.isDelete() && write.isGoneAt(now)) {
              keys.add(new ExpiredKey(space, key, write.sequence()));
            }
          });
    }
    return keys;
  }

  static StoredEntry entry(String key, Write write, long created) {
    return new StoredEntry(
        key,
        write.sequence(),
        write.size(),
        created,
        write.updated(),
        write.expiresAt(),
        write.tags());
  }

  private @Nullable StoredEntry stored(String namespace, String key) {
    try {
      return backend.entry(namespace, key);
    } catch (IOException | InternalError e) { // The JVM may tell late of a page that can't be read.
      throw failed(e);
    }
  }

  /** A question to the backend. */
  private interface Question<T> {
    T ask() throws IOException;
  }

  /** A question whose answer comes bit by bit. */
  private interface Listing {
    void list() throws IOException;
  }

  private <T> T ask(Question<T> question) {
    try {
      return question.ask();
    } catch (IOException | InternalError e) { // The JVM may tell late of a page that can't be read.
      throw failed(e);
    }
  }

  private void tell(Listing listing) {
    try {
      listing.list();
    } catch (IOException | InternalError e) { // The JVM may tell late of a page that can't be read.
      throw failed(e);
    }
  }

  private NadbException failed(Throwable e) {
    return new NadbException("store " + name + ": reading failed: " + Reason.of(e), e);
  }
}

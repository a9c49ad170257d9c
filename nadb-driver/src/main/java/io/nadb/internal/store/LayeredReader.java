package io.nadb.internal.store;

import io.nadb.EntryMetadata;
import io.nadb.NadbException;
import io.nadb.internal.failure.Reason;
import io.nadb.internal.store.WriteBuffer.Layers;
import io.nadb.spi.DirectBackend;
import io.nadb.spi.ExpiredKey;
import io.nadb.spi.KeyOrder;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads through the active layer, the sealed layer and the backend, in this order, so that a write
 * is visible at every moment: a layer leaves only after the backend has it.
 *
 * <p>Each entry is read as it was at one moment during the call; a listing of several entries is no
 * snapshot while others write.
 */
final class LayeredReader {
  private static final DirectBackend.Removal NOTHING = new DirectBackend.Removal(0, false);

  private final String name;
  private final WriteBuffer buffer;
  private final StorageBackend backend;

  /**
   * Whether the backend's entries may have expired; else it decides that, by a clock of its own.
   */
  private final boolean judges;

  LayeredReader(String name, WriteBuffer buffer, StorageBackend backend) {
    this.name = name;
    this.buffer = buffer;
    this.backend = backend;
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
    Write write = buffered(namespace, key, buffer.layers());
    if (write != null) {
      return write.isGoneNow(now) ? null : write.value().clone();
    }
    try {
      return backend.value(namespace, key, now);
    } catch (IOException | InternalError e) { // The JVM may tell late of a page that can't be read.
      throw failed(e);
    }
  }

  /** Looks up the latest version of a key. */
  Found look(String namespace, String key, long now) {
    Write write = buffered(namespace, key, buffer.layers());
    if (write == null) {
      StoredEntry stored = stored(namespace, key);
      return new Found(stored, stored != null && !isGone(stored, now));
    }
    return write.isDelete()
        ? new Found(null, false)
        : new Found(entry(key, write, write.created()), !write.isGoneAt(now));
  }

  private boolean isGone(StoredEntry stored, long now) {
    return judges && stored.isGoneAt(now);
  }

  @Nullable EntryMetadata metadata(String namespace, String key, long now) {
    Layers layers = buffer.layers();
    Write write = buffered(namespace, key, layers);
    if (write == null) {
      StoredEntry stored = stored(namespace, key);
      return stored == null || isGone(stored, now) ? null : stored.toMetadata();
    }
    return write.isGoneAt(now) ? null : metadata(namespace, key, write, layers);
  }

  List<String> keys(String namespace, String prefix, long now) {
    Map<String, Write> overlay = overlay(namespace);
    SortedMap<String, String> buffered = new TreeMap<>(KeyOrder.INSTANCE);
    overlay.forEach(
        (key, write) -> {
          if (key.startsWith(prefix) && !write.isGoneAt(now)) {
            buffered.put(key, key);
          }
        });
    OrderedMerge<String> keys = new OrderedMerge<>(buffered);
    tell(
        () ->
            backend.scan(
                namespace,
                prefix,
                entry -> {
                  if (!isGone(entry, now) && !overlay.containsKey(entry.key())) {
                    keys.add(entry.key(), entry.key());
                  }
                }));
    return keys.finish();
  }

  List<EntryMetadata> tagged(String namespace, Set<String> tags, long now) {
    Layers layers = buffer.layers();
    Map<String, Write> overlay = overlay(namespace, layers);
    SortedMap<String, EntryMetadata> buffered = new TreeMap<>(KeyOrder.INSTANCE);
    overlay.forEach(
        (key, write) -> {
          if (!write.isGoneAt(now) && write.tags().containsAll(tags)) {
            buffered.put(key, metadata(namespace, key, write, layers));
          }
        });
    OrderedMerge<EntryMetadata> hits = new OrderedMerge<>(buffered);
    for (StoredEntry entry : ask(() -> backend.tagged(namespace, tags))) {
      if (!isGone(entry, now) && !overlay.containsKey(entry.key())) {
        hits.add(entry.key(), entry.toMetadata());
      }
    }
    return hits.finish();
  }

  SortedMap<String, Long> tagCounts(String namespace, long now) {
    Map<String, Write> overlay = overlay(namespace);
    Map<String, Long> counts = new HashMap<>();
    tell(
        () ->
            backend.eachTagged(
                namespace,
                entry -> {
                  if (!isGone(entry, now) && !overlay.containsKey(entry.key())) {
                    entry.tags().forEach(tag -> counts.merge(tag, 1L, Long::sum));
                  }
                }));
    overlay
        .values()
        .forEach(
            write -> {
              if (!write.isGoneAt(now)) {
                write.tags().forEach(tag -> counts.merge(tag, 1L, Long::sum));
              }
            });
    SortedMap<String, Long> sorted = new TreeMap<>(KeyOrder.INSTANCE);
    sorted.putAll(counts);
    return sorted;
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

  /** Returns all keys of a namespace that the backend or the buffer has, expired ones included. */
  Set<String> everyKey(String namespace) {
    Set<String> keys = new HashSet<>(overlay(namespace).keySet());
    tell(() -> backend.scan(namespace, "", entry -> keys.add(entry.key())));
    return keys;
  }

  private EntryMetadata metadata(String namespace, String key, Write write, Layers layers) {
    Write resolved = write;
    Write below = layers.sealed() == null ? null : layers.sealed().get(namespace, key);
    if (below != null && below != write) {
      resolved = Creation.after(below, write);
    }
    StoredEntry stored = resolved.inheritsCreated() ? stored(namespace, key) : null;
    return entry(key, write, Creation.resolve(resolved, stored)).toMetadata();
  }

  private static StoredEntry entry(String key, Write write, long created) {
    return new StoredEntry(
        key,
        write.sequence(),
        write.value().length,
        created,
        write.updated(),
        write.expiresAt(),
        write.tags());
  }

  private static @Nullable Write buffered(String namespace, String key, Layers layers) {
    Write write = layers.active().get(namespace, key);
    if (write == null && layers.sealed() != null) {
      write = layers.sealed().get(namespace, key);
    }
    return write;
  }

  private Map<String, Write> overlay(String namespace) {
    return overlay(namespace, buffer.layers());
  }

  private static Map<String, Write> overlay(String namespace, Layers layers) {
    Map<String, Write> overlay = new HashMap<>();
    if (layers.sealed() != null) {
      layers.sealed().forEach(namespace, overlay::put);
    }
    layers.active().forEach(namespace, overlay::put);
    return overlay;
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

package io.nadb.jcache;

import io.nadb.KeyValueStore;
import io.nadb.Registration;
import io.nadb.Removal;
import io.nadb.RemovalCause;
import io.nadb.RemovalListener;
import io.nadb.StoreCapability;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Those who listen to one cache.
 *
 * <p>What this cache does is told as it happens, to synchronous listeners by the thread that does
 * it, to others by the manager's thread for events, in order. What expires is told when the store
 * removes it, by its thread for removals.
 */
final class CacheListeners<K, V> {
  private static final System.Logger LOGGER = System.getLogger("io.nadb.jcache");

  private final Cache<K, V> cache;
  private final KeyValueStore store;
  private final KeyCodec<K> keys;
  private final ValueCodec<V> values;
  private final Executor asynchronous;
  private final List<RegisteredListener<K, V>> registered = new CopyOnWriteArrayList<>();
  private @Nullable Registration expiries;

  CacheListeners(
      Cache<K, V> cache,
      KeyValueStore store,
      KeyCodec<K> keys,
      ValueCodec<V> values,
      Executor asynchronous) {
    this.cache = cache;
    this.store = store;
    this.keys = keys;
    this.values = values;
    this.asynchronous = asynchronous;
  }

  /** Whether anybody listens. */
  boolean any() {
    return !registered.isEmpty();
  }

  /** Creates a listener and tells it of what happens from now on. */
  synchronized void add(CacheEntryListenerConfiguration<K, V> configuration) {
    RegisteredListener<K, V> listener = new RegisteredListener<>(configuration);
    registered.add(listener);
    if (listener.wants(EventType.EXPIRED) && expiries == null) {
      if (store.capabilities().contains(StoreCapability.REMOVALS)) {
        expiries = store.onRemoval(new Expiries());
      } else {
        LOGGER.log(
            Level.WARNING,
            "cache '%s': %s does not tell what expires, and no listener will be told"
                .formatted(cache.getName(), store.url()));
      }
    }
  }

  /** Ends and closes the listener of a configuration, if there is one. */
  synchronized void remove(CacheEntryListenerConfiguration<K, V> configuration) {
    List<RegisteredListener<K, V>> ending =
        registered.stream()
            .filter(listener -> listener.configuration().equals(configuration))
            .toList();
    registered.removeAll(ending);
    ending.forEach(RegisteredListener::close);
    if (registered.stream().noneMatch(listener -> listener.wants(EventType.EXPIRED))) {
      endExpiries();
    }
  }

  /** Ends and closes all listeners. */
  synchronized void close() {
    endExpiries();
    List<RegisteredListener<K, V>> all = List.copyOf(registered);
    registered.clear();
    all.forEach(RegisteredListener::close);
  }

  private void endExpiries() {
    if (expiries != null) {
      expiries.close();
      expiries = null;
    }
  }

  /**
   * Tells of a change.
   *
   * @throws CacheEntryListenerException if a synchronous listener throws; the others are told
   */
  void publish(Change<K> change) {
    CacheEntryListenerException failure = null;
    for (RegisteredListener<K, V> listener : registered) {
      if (listener.wants(change.type())) {
        EntryEvent<K, V> event = event(change);
        if (listener.isSynchronous()) {
          failure = tell(listener, event, failure);
        } else {
          asynchronous.execute(() -> tellLater(listener, event));
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private EntryEvent<K, V> event(Change<K> change) {
    byte[] value = change.value();
    return new EntryEvent<>(
        cache,
        change.type(),
        change.key(),
        value == null ? null : values.decode(value),
        before(change.before()));
  }

  /** A value that is gone and can't be read, as of an older class, is not available. */
  private @Nullable V before(byte @Nullable [] bytes) {
    try {
      return bytes == null ? null : values.decode(bytes);
    } catch (CacheException e) {
      LOGGER.log(Level.WARNING, "listeners are told of an entry without its old value", e);
      return null;
    }
  }

  private @Nullable CacheEntryListenerException tell(
      RegisteredListener<K, V> listener,
      EntryEvent<K, V> event,
      @Nullable CacheEntryListenerException failure) {
    try {
      listener.tell(event);
    } catch (CacheEntryListenerException e) {
      if (failure == null) {
        return e;
      }
      failure.addSuppressed(e);
    }
    return failure;
  }

  private void tellLater(RegisteredListener<K, V> listener, EntryEvent<K, V> event) {
    if (registered.contains(listener)) {
      try {
        listener.tell(event);
      } catch (RuntimeException e) {
        LOGGER.log(Level.WARNING, "cache '%s': a listener failed".formatted(cache.getName()), e);
      }
    }
  }

  /** Hears of what expires from the store. */
  private final class Expiries implements RemovalListener {

    @Override
    public void onRemoval(Removal removal) {
      if (removal.cause() == RemovalCause.EXPIRED) {
        publish(
            new Change<>(
                EventType.EXPIRED, keys.decode(removal.key()), null, removal.value().orElse(null)));
      }
    }

    @Override
    public boolean wantsValue(RemovalCause cause) {
      return cause == RemovalCause.EXPIRED;
    }
  }
}

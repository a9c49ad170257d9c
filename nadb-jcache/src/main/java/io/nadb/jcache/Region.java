package io.nadb.jcache;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.cache.CacheException;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * The namespace of one cache: entries of the cache's types, that expire as its policy says, changed
 * in atomic steps of which its listeners are told.
 */
final class Region<K, V> {
  private final String cache;
  private final KeyValueStore store;
  private final KeyCodec<K> keys;
  private final ValueCodec<V> values;
  private final Expiry expiry;
  private final CacheListeners<K, V> listeners;
  private final Unreadable unreadable;
  private final KeyLocks locks = new KeyLocks();

  Region(
      String cache,
      KeyValueStore store,
      KeyCodec<K> keys,
      ValueCodec<V> values,
      Expiry expiry,
      CacheListeners<K, V> listeners,
      Unreadable unreadable) {
    this.cache = cache;
    this.store = store;
    this.keys = keys;
    this.values = values;
    this.expiry = expiry;
    this.listeners = listeners;
    this.unreadable = unreadable;
  }

  KeyValueStore store() {
    return store;
  }

  KeyCodec<K> keys() {
    return keys;
  }

  ValueCodec<V> values() {
    return values;
  }

  Expiry expiry() {
    return expiry;
  }

  CacheListeners<K, V> listeners() {
    return listeners;
  }

  /** Whether a value can be set without a look at what is there. */
  boolean isPlain() {
    return expiry.isEternal() && !listeners.any();
  }

  /** Sets a value without a look at what is there. */
  void set(K key, byte[] value) {
    String name = keys.encode(key);
    guarded(() -> store.set(name, value));
  }

  boolean contains(K key) {
    String name = keys.encode(key);
    return guarded(() -> store.contains(name));
  }

  /** Returns the value, if there is one, and lets it live as long as one does that was read. */
  @Nullable V read(K key) {
    String name = keys.encode(key);
    byte[] bytes = stored(name);
    V value = bytes == null ? null : decoded(name, bytes);
    if (bytes != null && value != null) {
      accessed(key, name, bytes);
    }
    return value;
  }

  /** Returns the value as the store has it, if there is one. */
  byte @Nullable [] stored(String name) {
    return guarded(() -> store.get(name)).orElse(null);
  }

  /** Returns a value that was stored, or null if it can't be read and is there no more. */
  @Nullable V decoded(String name, byte[] bytes) {
    try {
      return values.decode(bytes);
    } catch (UnreadableValueException e) {
      discard(name, e);
      return null;
    }
  }

  private void discard(String name, UnreadableValueException e) {
    guarded(
        () -> {
          unreadable.discard(name, e);
          return true;
        });
  }

  /** Lets an entry live on, whose value was read outside of an atomic step. */
  void accessed(K key, String name, byte[] value) {
    Lifetime lifetime = expiry.accessed();
    switch (lifetime.kind()) {
      case KEPT -> {}
      case FOR -> guarded(() -> store.touch(name, lifetime.time()));
      case FOREVER -> {
        if (guarded(() -> store.metadata(name)).flatMap(entry -> entry.expiresAt()).isPresent()) {
          guarded(() -> endless(name));
        }
      }
      case OVER -> {
        if (guarded(() -> store.delete(name, value))) {
          listeners.publish(new Change<>(EventType.EXPIRED, key, null, value));
        }
      }
    }
  }

  /** Takes an entry's TTL away. */
  private boolean endless(String name) {
    return store.transaction(
        transaction -> {
          Optional<byte[]> value = transaction.get(name);
          value.ifPresent(bytes -> transaction.set(name, bytes));
          return value.isPresent();
        });
  }

  /**
   * Does an atomic step on one key: what it reads and writes through its slot takes place as if
   * nobody else did anything meanwhile. It is done again if somebody who takes no turns, by a plain
   * set, through another manager or on a server in another process, changes the entry meanwhile.
   */
  <R extends @Nullable Object> R change(K key, Function<Slot<K, V>, R> step) {
    String name = keys.encode(key);
    KeyLocks.Held held = locks.acquire(name);
    try {
      Done<K, V, R> done = attempt(key, name, step);
      done.slot.committed();
      return done.result;
    } finally {
      held.release();
    }
  }

  private <R extends @Nullable Object> Done<K, V, R> attempt(
      K key, String name, Function<Slot<K, V>, R> step) {
    while (true) {
      try {
        return guarded(
            () ->
                store.transaction(
                    transaction -> {
                      Slot<K, V> slot = new Slot<>(this, transaction, key, name);
                      return new Done<>(slot, step.apply(slot));
                    }));
      } catch (UnreadableValueException e) {
        discard(name, e);
      }
    }
  }

  /** What the last attempt of a step has come to. */
  private record Done<K, V, R extends @Nullable Object>(Slot<K, V> slot, R result) {}

  /** Calls the store; its failures become JCache's. */
  <R extends @Nullable Object> R guarded(Supplier<R> call) {
    try {
      return call.get();
    } catch (NadbException e) {
      throw new CacheException("cache '%s': %s".formatted(cache, e.getMessage()), e);
    }
  }
}

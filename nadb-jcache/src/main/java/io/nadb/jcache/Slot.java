package io.nadb.jcache;

import io.nadb.SetOptions;
import io.nadb.Transaction;
import java.time.Duration;
import java.util.Objects;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * The place of one key within an atomic step: shows what is there, and takes one change.
 *
 * <p>Used by one thread, for one attempt.
 */
final class Slot<K, V> {
  private final Region<K, V> region;
  private final Transaction transaction;
  private final K key;
  private final String name;
  private boolean looked;
  private byte @Nullable [] found;
  private @Nullable Change<K> change;
  private @Nullable Duration touch;

  Slot(Region<K, V> region, Transaction transaction, K key, String name) {
    this.region = region;
    this.transaction = transaction;
    this.key = key;
    this.name = name;
  }

  K key() {
    return key;
  }

  /** Whether there was an entry when the step began. */
  boolean exists() {
    return looked ? found != null : transaction.contains(name);
  }

  /** The value that was there when the step began, each time a new object; null if none was. */
  @Nullable V value() {
    byte[] bytes = found();
    return bytes == null ? null : region.values().decode(bytes);
  }

  private byte @Nullable [] found() {
    if (!looked) {
      found = transaction.get(name).orElse(null);
      looked = true;
    }
    return found;
  }

  /** What was there, if somebody will be told. */
  private byte @Nullable [] before() {
    return region.listeners().any() ? found() : null;
  }

  /**
   * Puts a value there.
   *
   * @return whether it was stored, and not expired at once
   */
  boolean write(byte[] value) {
    boolean existed = exists();
    byte[] before = before();
    Lifetime lifetime = existed ? region.expiry().updated() : region.expiry().created();
    switch (lifetime.kind()) {
      case KEPT -> transaction.set(name, value, SetOptions.none().keepingTtl());
      case FOREVER -> transaction.set(name, value);
      case FOR -> transaction.set(name, value, SetOptions.ttl(lifetime.time()));
      case OVER -> {
        if (existed) {
          transaction.delete(name);
          change = new Change<>(EventType.EXPIRED, key, null, value);
        }
        return existed;
      }
    }
    change = new Change<>(existed ? EventType.UPDATED : EventType.CREATED, key, value, before);
    return true;
  }

  /**
   * Takes the entry away.
   *
   * @return whether there was one
   */
  boolean remove() {
    byte[] before = before();
    if (!transaction.delete(name)) {
      return false;
    }
    change = new Change<>(EventType.REMOVED, key, null, before);
    return true;
  }

  /** Lets the entry, which exists, live as long as one does that was read. */
  void access() {
    Lifetime lifetime = region.expiry().accessed();
    switch (lifetime.kind()) {
      case KEPT -> {}
      case FOR -> touch = lifetime.time();
      case FOREVER -> {
        if (transaction.metadata(name).flatMap(entry -> entry.expiresAt()).isPresent()) {
          transaction.set(name, Objects.requireNonNull(found()));
        }
      }
      case OVER -> {
        byte[] before = before();
        transaction.delete(name);
        change = new Change<>(EventType.EXPIRED, key, null, before);
      }
    }
  }

  /** Does what comes after the commit: a touch, which needs no value, and telling. */
  void committed() {
    Duration newTime = touch;
    if (newTime != null) {
      region.guarded(() -> region.store().touch(name, newTime));
    }
    if (change != null) {
      region.listeners().publish(change);
    }
  }
}

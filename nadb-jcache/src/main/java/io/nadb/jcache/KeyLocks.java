package io.nadb.jcache;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock for each key that somebody is changing.
 *
 * <p>A change is atomic without it, by a transaction of the store. Those who change a key take
 * turns, so that a loader is called once for many who miss, a writer or an entry processor not once
 * for each attempt, and events of one key are told in their order.
 */
final class KeyLocks {
  private final ConcurrentMap<String, Held> locks = new ConcurrentHashMap<>();

  /** Waits for the key's lock; to be released by the same thread, which may take it again. */
  Held acquire(String key) {
    Held held =
        locks.compute(
            key,
            (name, there) -> {
              Held lock = there != null ? there : new Held(name);
              lock.users++;
              return lock;
            });
    held.lock.lock();
    return held;
  }

  /** How many keys somebody holds or waits for. */
  int size() {
    return locks.size();
  }

  /** The lock of one key. */
  final class Held {
    private final String key;
    private final ReentrantLock lock = new ReentrantLock();
    // Changed only inside compute, which lets one thread at a time at a key.
    private int users;

    private Held(String key) {
      this.key = key;
    }

    void release() {
      lock.unlock();
      locks.compute(key, (name, there) -> --users == 0 ? null : there);
    }
  }
}

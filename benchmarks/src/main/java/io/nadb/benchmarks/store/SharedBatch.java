package io.nadb.benchmarks.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A buffer built by hand before a store whose write transactions belong to one thread: it lets
 * several threads share one transaction per megabyte and read what none has committed yet.
 */
final class SharedBatch implements Store {
  private final Store store;
  private final ConcurrentMap<String, byte[]> pending = new ConcurrentHashMap<>();
  private final AtomicLong pendingBytes = new AtomicLong();

  SharedBatch(Store store) {
    this.store = store;
  }

  @Override
  public void set(String key, byte[] value) {
    pending.put(key, value);
    if (pendingBytes.addAndGet(key.length() + value.length) >= Setup.MEGABYTE) {
      drain(Setup.MEGABYTE);
    }
  }

  @Override
  public byte @Nullable [] get(String key) {
    byte[] value = pending.get(key);
    return value == null ? store.get(key) : value.clone();
  }

  @Override
  public void flush() {
    drain(0);
  }

  /** Writes one transaction, unless another thread has done so meanwhile. */
  private synchronized void drain(long atLeast) {
    if (pendingBytes.get() < atLeast) {
      return;
    }
    pendingBytes.set(0);
    Map<String, byte[]> batch = Map.copyOf(pending);
    batch.forEach(store::set);
    store.flush();
    // Unless it was set anew: an array equals only itself.
    batch.forEach(pending::remove);
  }

  @Override
  public void close() {
    flush();
    store.close();
  }
}

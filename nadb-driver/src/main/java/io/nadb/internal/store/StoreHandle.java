package io.nadb.internal.store;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreStats;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** A user's handle on one namespace of a location: checks arguments, and asks the engine. */
public final class StoreHandle implements KeyValueStore {
  private final Engine engine;
  private final String namespace;
  private final String url;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Creates a handle.
   *
   * @param url the URL with credentials masked
   * @param release called once, at close; ends the engine if this was its last handle
   */
  public StoreHandle(Engine engine, String namespace, String url, Runnable release) {
    this.engine = engine;
    this.namespace = namespace;
    this.url = url;
    this.release = release;
  }

  @Override
  public long set(String key, byte[] value, SetOptions options) {
    Limits.checkKey(key);
    Limits.checkValue(value);
    Limits.checkTags(Objects.requireNonNull(options, "options").tags());
    return open().set(namespace, key, value.clone(), options);
  }

  @Override
  public Optional<byte[]> get(String key) {
    Limits.checkKey(key);
    return Optional.ofNullable(open().get(namespace, key));
  }

  @Override
  public boolean contains(String key) {
    Limits.checkKey(key);
    return open().contains(namespace, key);
  }

  @Override
  public boolean delete(String key) {
    Limits.checkKey(key);
    return open().delete(namespace, key);
  }

  @Override
  public Optional<EntryMetadata> metadata(String key) {
    Limits.checkKey(key);
    return Optional.ofNullable(open().metadata(namespace, key));
  }

  @Override
  public List<String> keys(String prefix) {
    Objects.requireNonNull(prefix, "prefix");
    return open().keys(namespace, prefix);
  }

  @Override
  public List<EntryMetadata> queryByTags(String... tags) {
    Set<String> wanted = SetOptions.tags(tags).tags();
    Limits.checkTags(wanted);
    if (wanted.isEmpty()) {
      throw new IllegalArgumentException("no tag is given; queryByTags wants one or more");
    }
    return open().queryByTags(namespace, wanted);
  }

  @Override
  public Map<String, Long> tags() {
    return open().tags(namespace);
  }

  @Override
  public void clear() {
    open().clear(namespace);
  }

  @Override
  public void flush() {
    open().flush();
  }

  @Override
  public int cleanupExpired() {
    return open().cleanupExpired(namespace);
  }

  @Override
  public long durableSequence() {
    return open().durableSequence();
  }

  @Override
  public boolean awaitDurable(long sequence, Duration timeout) throws InterruptedException {
    Objects.requireNonNull(timeout, "timeout");
    if (sequence < 0) {
      throw new IllegalArgumentException("sequence number " + sequence + " is negative");
    }
    return open().awaitDurable(sequence, timeout);
  }

  @Override
  public StoreStats stats() {
    return engine.stats();
  }

  @Override
  public String name() {
    return engine.name();
  }

  @Override
  public String url() {
    return url;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }

  @Override
  public String toString() {
    return "KeyValueStore[" + url + "]";
  }

  private Engine open() {
    if (closed.get()) {
      throw new IllegalStateException("store is closed: " + engine.name() + " (close was called)");
    }
    return engine;
  }
}

package io.nadb.internal.store;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.NamespaceStats;
import io.nadb.Query;
import io.nadb.Registration;
import io.nadb.RemovalListener;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import io.nadb.StoreCapability;
import io.nadb.StoreStats;
import io.nadb.Transaction;
import io.nadb.spi.BackupSource;
import io.nadb.spi.Change;
import io.nadb.spi.PinnedFiles;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A user's handle on one namespace of a location: checks arguments, and asks the engine. */
public final class StoreHandle implements KeyValueStore, BackupSource {
  private static final SetOptions KEEPING = SetOptions.none().keepingTags().keepingTtl();

  private final Engine engine;
  private final String namespace;
  private final String url;
  private final Siblings siblings;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Those who listen by this handle, and so until it is closed. */
  private final Set<RemovalFeed> feeds = ConcurrentHashMap.newKeySet();

  /** Opens handles on other namespaces of the location. */
  public interface Siblings {
    /** Opens one, for as long as it likes. */
    KeyValueStore open(String namespace);
  }

  /**
   * Creates a handle.
   *
   * @param url the URL with credentials masked
   * @param siblings opens others, as long as this is open
   * @param release called once, at close; ends the engine if this was its last handle
   */
  public StoreHandle(
      Engine engine, String namespace, String url, Siblings siblings, Runnable release) {
    this.engine = engine;
    this.namespace = namespace;
    this.url = url;
    this.siblings = siblings;
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
  public Optional<Entry> entry(String key) {
    Limits.checkKey(key);
    return Optional.ofNullable(open().entry(namespace, key));
  }

  @Override
  public Map<String, byte[]> getAll(Collection<String> keys) {
    Set<String> wanted = new LinkedHashSet<>(keys);
    wanted.forEach(Limits::checkKey);
    return Collections.unmodifiableMap(open().getAll(namespace, List.copyOf(wanted)));
  }

  @Override
  public long setAll(Map<String, byte[]> entries, SetOptions options) {
    return open()
        .setAll(namespace, Map.copyOf(entries), Objects.requireNonNull(options, "options"));
  }

  @Override
  public Snapshot snapshot() {
    return open().snapshot(namespace);
  }

  @Override
  public KeyValueStore namespace(String name) {
    Limits.checkNamespace(name);
    open();
    return siblings.open(name);
  }

  @Override
  public boolean setIfAbsent(String key, byte[] value, SetOptions options) {
    return put(key, value, options, Change.Presence.ABSENT, false).made();
  }

  @Override
  public boolean setIfPresent(String key, byte[] value, SetOptions options) {
    return put(key, value, options, Change.Presence.PRESENT, false).made();
  }

  @Override
  public boolean replace(String key, byte[] expected, byte[] value) {
    return put(key, value, KEEPING, equal(expected), false).made();
  }

  @Override
  public boolean delete(String key, byte[] expected) {
    Limits.checkKey(key);
    return change(key, new Change.Remove(equal(expected), false)).made();
  }

  @Override
  public Optional<byte[]> getAndSet(String key, byte[] value, SetOptions options) {
    return Optional.ofNullable(put(key, value, options, Change.Presence.ANY, true).before());
  }

  @Override
  public Optional<byte[]> getAndDelete(String key) {
    Limits.checkKey(key);
    Change remove = new Change.Remove(Change.Presence.PRESENT, true);
    return Optional.ofNullable(change(key, remove).before());
  }

  /** What the function has made of a value counts if it is the value still, whoever wrote it. */
  @Override
  public Optional<byte[]> compute(
      String key, Function<Optional<byte[]>, Optional<byte[]>> function) {
    Limits.checkKey(key);
    Objects.requireNonNull(function, "function");
    while (true) {
      byte[] before = open().get(namespace, key);
      byte[] given = before == null ? null : before.clone();
      Optional<byte[]> after =
          Objects.requireNonNull(
              function.apply(Optional.ofNullable(given)), "what the function returned");
      boolean made;
      if (after.isPresent()) {
        Change.Condition same = before == null ? Change.Presence.ABSENT : new Change.Equal(before);
        made = put(key, after.get(), KEEPING, same, false).made();
      } else {
        made =
            before == null
                || change(key, new Change.Remove(new Change.Equal(before), false)).made();
      }
      if (made) {
        return after;
      }
    }
  }

  @Override
  public long increment(String key, long delta) {
    Limits.checkKey(key);
    return change(key, new Change.Add(delta)).sum();
  }

  @Override
  public boolean touch(String key, Duration ttl) {
    Limits.checkKey(key);
    return change(key, new Change.Touch(SetOptions.ttl(ttl).ttl().orElseThrow())).made();
  }

  @Override
  public Transaction begin() {
    return open().begin(namespace);
  }

  @Override
  public <T extends @Nullable Object> T transaction(Function<Transaction, T> body) {
    return open().transaction(namespace, Objects.requireNonNull(body, "body"));
  }

  private Change.Outcome put(
      String key, byte[] value, SetOptions options, Change.Condition condition, boolean before) {
    Limits.checkKey(key);
    Limits.checkValue(value);
    Limits.checkTags(Objects.requireNonNull(options, "options").tags());
    return change(key, new Change.Put(value.clone(), options, condition, before));
  }

  private Change.Outcome change(String key, Change change) {
    return open().change(namespace, key, change);
  }

  private static Change.Equal equal(byte[] expected) {
    return new Change.Equal(Objects.requireNonNull(expected, "expected").clone());
  }

  @Override
  public long size() {
    return open().size(namespace);
  }

  @Override
  public List<String> keys(String prefix) {
    Objects.requireNonNull(prefix, "prefix");
    return open().keys(namespace, prefix);
  }

  @Override
  public List<EntryMetadata> queryByTags(String... tags) {
    Set<String> wanted = Limits.checkQuery(SetOptions.tags(tags).tags());
    return open().queryByTags(namespace, wanted);
  }

  @Override
  public Query query() {
    open();
    return QueryHandle.of(() -> open().queries(namespace), namespace);
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
  public PinnedFiles pinFiles() {
    return open().pinFiles();
  }

  @Override
  public long refresh() {
    return open().refresh();
  }

  @Override
  public Set<StoreCapability> capabilities() {
    return engine.capabilities();
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
  public Registration onRemoval(RemovalListener listener) {
    Objects.requireNonNull(listener, "listener");
    RemovalFeed feed = open().onRemoval(namespace, listener);
    feeds.removeIf(RemovalFeed::hasEnded);
    feeds.add(feed);
    if (closed.get()) { // Since then; whoever closed it may have missed this one.
      feed.close();
      open();
    }
    return feed;
  }

  @Override
  public StoreStats stats() {
    return engine.stats();
  }

  @Override
  public NamespaceStats namespaceStats() {
    return engine.stats(namespace);
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
      try {
        RemovalFeed.finish(feeds);
      } finally {
        release.run();
      }
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

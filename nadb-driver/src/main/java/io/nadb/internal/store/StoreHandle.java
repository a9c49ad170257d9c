package io.nadb.internal.store;

import io.nadb.AsyncKeyValueStore;
import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.KeyVersion;
import io.nadb.NamespaceStats;
import io.nadb.Query;
import io.nadb.Registration;
import io.nadb.RemovalListener;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import io.nadb.Transaction;
import io.nadb.spi.Change;
import io.nadb.spi.ChangeStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A user's handle on one namespace of a location: checks arguments, and asks the engine. */
public final class StoreHandle extends LocationHandle {
  static final SetOptions KEEPING = SetOptions.none().keepingTags().keepingTtl();

  private final String namespace;
  private final Siblings siblings;
  private final Runnable release;
  private final AsyncKeyValueStore async;

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
    super(engine, url);
    this.namespace = namespace;
    this.siblings = siblings;
    this.release = release;
    this.async = new AsyncHandle(this, namespace, this::open);
  }

  @Override
  public long set(String key, byte[] value, SetOptions options) {
    checkSet(key, value, options);
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
  public List<KeyVersion> log(String key, int limit) {
    Limits.checkKey(key);
    if (limit < 1) {
      throw new IllegalArgumentException("limit " + limit + ": expected one or more");
    }
    return open().log(namespace, key, limit);
  }

  @Override
  public Snapshot snapshotAt(Instant time) {
    return open().snapshotAt(namespace, Objects.requireNonNull(time, "time"));
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
    return change(key, put(key, value, options, Change.Presence.ABSENT, false)).made();
  }

  @Override
  public boolean setIfPresent(String key, byte[] value, SetOptions options) {
    return change(key, put(key, value, options, Change.Presence.PRESENT, false)).made();
  }

  @Override
  public boolean replace(String key, byte[] expected, byte[] value) {
    return change(key, put(key, value, KEEPING, equal(expected), false)).made();
  }

  @Override
  public boolean delete(String key, byte[] expected) {
    Limits.checkKey(key);
    return change(key, new Change.Remove(equal(expected), false)).made();
  }

  @Override
  public Optional<byte[]> getAndSet(String key, byte[] value, SetOptions options) {
    Change put = put(key, value, options, Change.Presence.ANY, true);
    return Optional.ofNullable(change(key, put).before());
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
        made = change(key, put(key, after.get(), KEEPING, same, false)).made();
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
    return change(key, touching(ttl)).made();
  }

  @Override
  public Transaction begin() {
    return open().begin(namespace);
  }

  @Override
  public <T extends @Nullable Object> T transaction(Function<Transaction, T> body) {
    return open().transaction(namespace, Objects.requireNonNull(body, "body"));
  }

  static void checkSet(String key, byte[] value, SetOptions options) {
    Limits.checkKey(key);
    Limits.checkValue(value);
    Limits.checkTags(Objects.requireNonNull(options, "options").tags());
  }

  static Change.Put put(
      String key, byte[] value, SetOptions options, Change.Condition condition, boolean before) {
    checkSet(key, value, options);
    return new Change.Put(value.clone(), options, condition, before);
  }

  static Change.Touch touching(Duration ttl) {
    return new Change.Touch(SetOptions.ttl(ttl).ttl().orElseThrow());
  }

  private Change.Outcome change(String key, Change change) {
    return open().change(namespace, key, change);
  }

  static Change.Equal equal(byte[] expected) {
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
  public ChangeStream changes(String bookmark, boolean everywhere) {
    return open().changes().open(bookmark, everywhere ? null : namespace);
  }

  @Override
  public int cleanupExpired() {
    return open().cleanupExpired(namespace);
  }

  @Override
  public AsyncKeyValueStore async() {
    return async;
  }

  @Override
  public Registration onRemoval(RemovalListener listener) {
    Objects.requireNonNull(listener, "listener");
    RemovalFeed feed = open().onRemoval(namespace, listener);
    feeds.removeIf(RemovalFeed::hasEnded);
    feeds.add(feed);
    if (isClosed()) { // Since then; whoever closed it may have missed this one.
      feed.close();
      open();
    }
    return feed;
  }

  @Override
  public NamespaceStats namespaceStats() {
    return engine().stats(namespace);
  }

  @Override
  public void close() {
    if (end()) {
      try {
        RemovalFeed.finish(feeds);
      } finally {
        release.run();
      }
    }
  }
}

package io.nadb.codec;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.Transaction;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A view of a store that has objects where the store has bytes.
 *
 * <pre>{@code
 * TypedStore<User> users = TypedStore.of(store, JacksonCodec.of(User.class));
 * users.set("user:1", new User("Ada"));
 * }</pre>
 *
 * <p>Each value names the format it is in. A value of another format, or of none, is a {@link
 * CodecException} that says which it is and which are read; nothing is guessed. To go over to
 * another codec, have the new view read the old format too: {@link #alsoReading}.
 *
 * <p>Methods are as atomic, as visible and as durable as those of {@link KeyValueStore} that have
 * their names, and throw what those do. A view holds nothing of its own and is not closed; the
 * store is, by whoever opened it. Thread-safe.
 *
 * @param <V> the values
 * @since 0.1.0
 */
public final class TypedStore<V> {
  private final KeyValueStore store;
  private final Formats<V> formats;

  private TypedStore(KeyValueStore store, Formats<V> formats) {
    this.store = store;
    this.formats = formats;
  }

  /**
   * Creates a view.
   *
   * @throws IllegalArgumentException if the codec's format has no proper name
   */
  public static <V> TypedStore<V> of(KeyValueStore store, Codec<V> codec) {
    return new TypedStore<>(Objects.requireNonNull(store, "store"), Formats.of(codec));
  }

  /**
   * Returns this view, but reading one more format; what it writes stays as it is.
   *
   * @throws IllegalArgumentException if the view reads that format already
   */
  public TypedStore<V> alsoReading(Codec<? extends V> codec) {
    return new TypedStore<>(store, formats.alsoReading(codec));
  }

  /** The store itself: for queries, listings, statistics, and to delete what can't be read. */
  public KeyValueStore store() {
    return store;
  }

  /** The codec by which this view writes. */
  public Codec<V> codec() {
    return formats.writer();
  }

  /** Makes the value of bytes that the store has told elsewhere, as of what was removed. */
  public V decode(String key, byte[] stored) {
    return formats.decode(key, stored);
  }

  /** Replaces the whole entry by {@code value}, without tags and without TTL. */
  public long set(String key, V value) {
    return set(key, value, SetOptions.none());
  }

  /**
   * Replaces the whole entry, as {@code options} say.
   *
   * @return the write's sequence number
   */
  public long set(String key, V value, SetOptions options) {
    return store.set(key, formats.encode(key, value), options);
  }

  /** Returns the key's value, or empty if there is no such key. */
  public Optional<V> get(String key) {
    return formats.decode(key, store.get(key));
  }

  /** Returns the key's entry, metadata and value of one moment, or empty if there is none. */
  public Optional<TypedEntry<V>> entry(String key) {
    return store
        .entry(key)
        .map(entry -> new TypedEntry<>(entry.metadata(), formats.decode(key, entry.value())));
  }

  /** Tells whether the key exists, whatever its value's format is. */
  public boolean contains(String key) {
    return store.contains(key);
  }

  /**
   * Removes the entry, whatever its value's format is.
   *
   * @return whether the key existed
   */
  public boolean delete(String key) {
    return store.delete(key);
  }

  /** Sets an entry if there is none, without tags and without TTL; tells whether there was none. */
  public boolean setIfAbsent(String key, V value) {
    return setIfAbsent(key, value, SetOptions.none());
  }

  /** Sets an entry if there is none; tells whether there was none. */
  public boolean setIfAbsent(String key, V value, SetOptions options) {
    return store.setIfAbsent(key, formats.encode(key, value), options);
  }

  /** Replaces an entry if there is one, whatever its format is; tells whether there was one. */
  public boolean setIfPresent(String key, V value, SetOptions options) {
    return store.setIfPresent(key, formats.encode(key, value), options);
  }

  /**
   * Replaces a value if it is equal to the one expected, by {@link Codec#equal}, in whatever format
   * it is; tags, TTL and creation time stay.
   *
   * @return whether it was; else, or if there is no such key, nothing is written
   */
  public boolean replace(String key, V expected, V value) {
    Objects.requireNonNull(expected, "expected");
    byte[] encoded = formats.encode(key, value);
    while (true) {
      Optional<byte[]> found = store.get(key);
      if (found.isEmpty() || !isEqual(key, found.get(), expected)) {
        return false;
      }
      // Not, if somebody else has written meanwhile: then it is compared anew.
      if (store.replace(key, found.get(), encoded)) {
        return true;
      }
    }
  }

  /**
   * Removes an entry if its value is equal to the one expected, as {@link #replace} compares.
   *
   * @return whether it was; else, or if there is no such key, nothing is written
   */
  public boolean delete(String key, V expected) {
    Objects.requireNonNull(expected, "expected");
    return deleteIf(key, value -> codec().equal(value, expected));
  }

  /** Removes an entry if its value is such; asks again if somebody else was faster. */
  boolean deleteIf(String key, Predicate<? super V> condition) {
    while (true) {
      Optional<byte[]> found = store.get(key);
      if (found.isEmpty() || !condition.test(formats.decode(key, found.get()))) {
        return false;
      }
      if (store.delete(key, found.get())) {
        return true;
      }
    }
  }

  /** Sets an entry and returns the value that it replaces, or empty if there was none. */
  public Optional<V> getAndSet(String key, V value, SetOptions options) {
    byte[] encoded = formats.encode(key, value);
    // Not store.getAndSet: a value that can't be read is an error, and an error writes nothing.
    return store.transaction(
        transaction -> {
          Optional<V> before = formats.decode(key, transaction.get(key));
          transaction.set(key, encoded, options);
          return before;
        });
  }

  /** Removes an entry and returns its value, or empty if there was none. */
  public Optional<V> getAndDelete(String key) {
    while (true) {
      Optional<byte[]> found = store.get(key);
      Optional<V> before = formats.decode(key, found);
      if (found.isEmpty() || store.delete(key, found.get())) {
        return before;
      }
    }
  }

  /**
   * Replaces a value by what a function makes of it, as {@link KeyValueStore#compute} does: empty
   * stands for no entry, tags, TTL and creation time stay, and the function may run again.
   *
   * @return what the function has returned when its value was written
   */
  public Optional<V> compute(String key, Function<Optional<V>, Optional<V>> function) {
    Objects.requireNonNull(function, "function");
    // The store tells which bytes were written; the object that they were made of is told here.
    Made<V> made = new Made<>();
    store.compute(
        key,
        stored -> {
          made.value = function.apply(formats.decode(key, stored));
          return made.value.map(value -> formats.encode(key, value));
        });
    return made.value;
  }

  /**
   * Runs a function as a transaction of this view; see {@link KeyValueStore#transaction}.
   *
   * @return what the function has returned
   */
  public <T extends @Nullable Object> T transaction(Function<TypedTransaction<V>, T> body) {
    Objects.requireNonNull(body, "body");
    return store.transaction(transaction -> body.apply(in(transaction)));
  }

  /**
   * Returns this view's objects in a transaction that was begun elsewhere, so that several views
   * take part in one: of this store, or of another namespace of its location.
   */
  public TypedTransaction<V> in(Transaction transaction) {
    return new TypedTransaction<>(transaction, formats);
  }

  /** Returns this view as a map; what it sets has neither tags nor TTL. */
  public ConcurrentMap<String, V> asMap() {
    return asMap(SetOptions.none());
  }

  /**
   * Returns this view as a map.
   *
   * <p>Every method of a key is atomic; those of several keys ({@code putAll}, iteration, {@code
   * containsValue}, {@code equals}) are so for each of them, but {@code size} and {@code clear} are
   * of one moment. Iteration goes through the keys of the moment at which it began, in key order,
   * leaving out those that have gone since. {@code replace}, {@code compute}, {@code merge} and
   * {@code Entry.setValue} keep the tags and the TTL of an entry that is there. Functions may run
   * again. Keys and values are never null.
   *
   * @param options what an entry has that the map sets anew
   */
  public ConcurrentMap<String, V> asMap(SetOptions options) {
    return new StoreMap<>(this, Objects.requireNonNull(options, "options"));
  }

  /**
   * Replaces a value by what a function makes of it, null standing for no entry; an entry that is
   * there keeps its tags and its TTL, and a new one gets the options.
   */
  Change<V> update(
      String key, SetOptions options, Function<@Nullable V, ? extends @Nullable V> function) {
    while (true) {
      Optional<byte[]> found = store.get(key);
      V before = formats.decode(key, found).orElse(null);
      V after = function.apply(before);
      if (isWritten(key, found, after, options)) {
        return new Change<>(before, after);
      }
    }
  }

  private boolean isWritten(
      String key, Optional<byte[]> found, @Nullable V after, SetOptions options) {
    if (after == null) {
      return found.isEmpty() || store.delete(key, found.get());
    }
    byte[] encoded = formats.encode(key, after);
    return found.isEmpty()
        ? store.setIfAbsent(key, encoded, options)
        : store.replace(key, found.get(), encoded);
  }

  /** A value before and after a change; null stands for no entry. */
  record Change<V>(@Nullable V before, @Nullable V after) {}

  private boolean isEqual(String key, byte[] stored, V expected) {
    return formats.writer().equal(formats.decode(key, stored), expected);
  }

  /** What the function of the last attempt has made. */
  private static final class Made<V> {
    private Optional<V> value = Optional.empty();
  }
}

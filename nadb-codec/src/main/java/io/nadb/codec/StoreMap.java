package io.nadb.codec;

import io.nadb.SetOptions;
import java.util.AbstractMap;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A typed view as a map: what depends on what is there is decided by the store. */
final class StoreMap<V> extends AbstractMap<String, V> implements ConcurrentMap<String, V> {
  private final TypedStore<V> view;
  private final SetOptions options;

  StoreMap(TypedStore<V> view, SetOptions options) {
    this.view = view;
    this.options = options;
  }

  TypedStore<V> view() {
    return view;
  }

  @Override
  public int size() {
    return (int) Math.min(Integer.MAX_VALUE, view.store().size());
  }

  @Override
  public boolean isEmpty() {
    return view.store().size() == 0;
  }

  @Override
  public void clear() {
    view.store().clear();
  }

  @Override
  public boolean containsKey(Object key) {
    return isKey(key) && view.contains((String) key);
  }

  @Override
  public boolean containsValue(Object value) {
    Objects.requireNonNull(value, "value");
    return entrySet().stream().anyMatch(entry -> isEqual(entry.getValue(), value));
  }

  @SuppressWarnings("unchecked") // What is of another type is equal to no value.
  boolean isEqual(V found, Object other) {
    return view.codec().equal(found, (V) other);
  }

  /** Removes the entries of which a condition holds at the moment of their removal. */
  boolean removeIf(BiPredicate<String, V> condition) {
    Objects.requireNonNull(condition, "condition");
    boolean changed = false;
    for (String key : keySet()) {
      changed |= view.deleteIf(key, value -> condition.test(key, value));
    }
    return changed;
  }

  @Override
  public @Nullable V get(Object key) {
    return isKey(key) ? view.get((String) key).orElse(null) : null;
  }

  @Override
  public V getOrDefault(Object key, V otherwise) {
    V found = get(key);
    return found == null ? otherwise : found;
  }

  @Override
  public @Nullable V put(String key, V value) {
    return view.getAndSet(key, value, options).orElse(null);
  }

  @Override
  public @Nullable V putIfAbsent(String key, V value) {
    while (true) {
      Optional<V> found = view.get(key);
      if (found.isPresent()) {
        return found.get();
      }
      if (view.setIfAbsent(key, value, options)) {
        return null;
      }
    }
  }

  @Override
  public @Nullable V remove(Object key) {
    return isKey(key) ? view.getAndDelete((String) key).orElse(null) : null;
  }

  @Override
  @SuppressWarnings("unchecked") // What is of another type is equal to no value.
  public boolean remove(Object key, Object value) {
    return isKey(key) && value != null && view.delete((String) key, (V) value);
  }

  @Override
  public boolean replace(String key, V expected, V value) {
    return view.replace(key, expected, value);
  }

  @Override
  public @Nullable V replace(String key, V value) {
    Objects.requireNonNull(value, "value");
    return view.update(key, options, found -> found == null ? null : value).before();
  }

  @Override
  public @Nullable V computeIfAbsent(
      String key, Function<? super String, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    V found = get(key);
    if (found != null) {
      return found;
    }
    V made = function.apply(key);
    if (made == null) {
      return null;
    }
    V first = putIfAbsent(key, made);
    return first == null ? made : first;
  }

  @Override
  public @Nullable V computeIfPresent(
      String key, BiFunction<? super String, ? super V, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    return compute(key, (k, found) -> found == null ? null : function.apply(k, found));
  }

  @Override
  public @Nullable V compute(
      String key, BiFunction<? super String, ? super @Nullable V, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    return view.update(key, options, found -> function.apply(key, found)).after();
  }

  @Override
  public @Nullable V merge(
      String key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(function, "function");
    return compute(key, (k, found) -> found == null ? value : function.apply(found, value));
  }

  @Override
  public Set<String> keySet() {
    return new StoreKeys(this);
  }

  @Override
  public Collection<V> values() {
    return new StoreValues<>(this);
  }

  @Override
  public Set<Map.Entry<String, V>> entrySet() {
    return new StoreEntries<>(this);
  }

  /** Whether it can be a key; null is an error, as the contract of concurrent maps has it. */
  private static boolean isKey(Object key) {
    return Objects.requireNonNull(key, "key") instanceof String;
  }
}

package io.nadb.jcache;

import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.cache.configuration.Configuration;

/** Refuses keys and values that are null, or not of the types that a cache is configured for. */
final class TypeCheck<K, V> {
  private final String cache;
  private final Class<K> keyType;
  private final Class<V> valueType;

  TypeCheck(String cache, Configuration<K, V> configuration) {
    this.cache = cache;
    this.keyType = configuration.getKeyType();
    this.valueType = configuration.getValueType();
  }

  void key(K key) {
    check("keys", keyType, Objects.requireNonNull(key, "key"));
  }

  void value(V value) {
    check("values", valueType, Objects.requireNonNull(value, "value"));
  }

  /** Checks all keys, and copies them, since what is done with them may be done later. */
  Set<K> keys(Set<? extends K> keys) {
    Set<K> copy = new HashSet<>(keys);
    copy.forEach(this::key);
    return copy;
  }

  void entries(Map<? extends K, ? extends V> entries) {
    entries.forEach(
        (key, value) -> {
          key(key);
          value(value);
        });
  }

  private void check(String what, Class<?> type, Object object) {
    if (!type.isInstance(object)) {
      throw new ClassCastException(
          "cache '%s' has %s of type %s, and not %s"
              .formatted(cache, what, type.getName(), object.getClass().getName()));
    }
  }
}

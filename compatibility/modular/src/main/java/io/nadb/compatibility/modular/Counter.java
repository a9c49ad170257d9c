package io.nadb.compatibility.modular;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.KeyValueStore;

/** Counts in a store. */
final class Counter {
  private final KeyValueStore store;

  Counter(KeyValueStore store) {
    this.store = store;
  }

  int count(String key) {
    int next =
        store.get(key).map(value -> Integer.parseInt(new String(value, UTF_8))).orElse(0) + 1;
    store.set(key, Integer.toString(next).getBytes(UTF_8));
    return next;
  }
}

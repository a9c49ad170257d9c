package io.nadb.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.KeyValueStore;
import io.nadb.testkit.NadbHarness;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What the parts of the contract work on. */
interface Fixture {

  /** The world of the test. */
  NadbHarness harness();

  /** Opens a new location with these options. */
  KeyValueStore open(String... options);

  /** Opens another namespace of a new location's store. */
  KeyValueStore openNamespace(KeyValueStore store, String namespace);

  /**
   * Runs a test twice, each on a new store: once with what it has written in the buffer, and once
   * with it in the backend when it calls the given action.
   */
  default void wherever(BiConsumer<KeyValueStore, Runnable> test) {
    for (boolean flush : List.of(false, true)) {
      KeyValueStore store = open("flush=off", "sweep=off");
      test.accept(store, flush ? store::flush : () -> {});
    }
  }

  /** A value. */
  static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  /** A key's value as text. */
  static Optional<String> text(KeyValueStore store, String key) {
    return store.get(key).map(value -> new String(value, UTF_8));
  }

  /** Sets several keys to the same value. */
  static void setAll(KeyValueStore store, String... keys) {
    Arrays.stream(keys).forEach(key -> store.set(key, utf8("v")));
  }
}

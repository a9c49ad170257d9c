package io.nadb.copy;

import io.nadb.KeyValueStore;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a target has as long as a copy to it has not ended well: where it comes from, and whether it
 * goes to a place of its own. It is there before the first entry, and goes after the last has been
 * compared.
 */
final class CopyMark {
  /** The namespace that has nothing else, and is never copied. */
  static final String NAMESPACE = "nadb.copy";

  private static final String KEY = "unfinished";

  private final KeyValueStore store;

  /**
   * The mark of a store.
   *
   * @param store a handle on the mark's namespace
   */
  CopyMark(KeyValueStore store) {
    this.store = store;
  }

  /** The text of a mark. */
  static String text(String source, boolean intoExisting) {
    return "source: " + source + "\ninto existing: " + (intoExisting ? "yes" : "no") + "\n";
  }

  /** What is there. */
  Optional<String> read() {
    return store.get(KEY).map(text -> new String(text, StandardCharsets.UTF_8));
  }

  void set(String text) {
    store.set(KEY, text.getBytes(StandardCharsets.UTF_8));
    store.flush();
  }

  void remove() {
    store.flush(); // What has been copied is there first.
    store.delete(KEY);
    store.flush();
  }
}

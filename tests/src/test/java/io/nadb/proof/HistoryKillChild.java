package io.nadb.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** A process that sets all keys anew, round by round, until it is killed. */
final class HistoryKillChild {
  static final int KEYS = 20;

  /** Entries that nobody changes, so that compaction has something to copy. */
  static final int FIXED = 300;

  private static final int VALUE_BYTES = 2000;

  private HistoryKillChild() {}

  /** What a key has in a round. */
  static byte[] value(int round, int key) {
    byte[] value = new byte[VALUE_BYTES];
    new Random(31L * round + key).nextBytes(value);
    return value;
  }

  /**
   * Argument: the URL. Lines: the number of a round that is durable, and how many compactions there
   * have been. Each round is one cut.
   */
  public static void main(String[] arguments) {
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store = registry.open(arguments[0])) {
      if (store.size() == 0) {
        for (int i = 0; i < FIXED; i++) {
          store.set("fixed" + i, value(0, i));
        }
      }
      int last =
          store.get("round").map(bytes -> Integer.parseInt(new String(bytes, UTF_8))).orElse(0);
      for (int round = last + 1; ; round++) {
        Map<String, byte[]> all = new HashMap<>();
        all.put("round", Integer.toString(round).getBytes(UTF_8));
        for (int i = 0; i < KEYS; i++) {
          all.put("key" + i, value(round, i));
        }
        store.setAll(all);
        store.flush();
        System.out.print(round + " " + store.stats().compactions() + ".\n");
        System.out.flush();
      }
    }
  }
}

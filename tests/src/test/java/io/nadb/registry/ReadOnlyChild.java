package io.nadb.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Map;
import java.util.TreeSet;

/** A process that reads a store again and again, until its input ends. */
final class ReadOnlyChild {
  private ReadOnlyChild() {}

  public static void main(String[] arguments) throws IOException {
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    try (KeyValueStore store = NadbDriverManager.open(arguments[0])) {
      System.out.println(values(store));
      while (input.readLine() != null) {
        long sequence = store.refresh();
        System.out.println(sequence + " " + values(store));
      }
    }
  }

  /** All different values that there are. */
  private static String values(KeyValueStore store) {
    TreeSet<String> found = new TreeSet<>();
    Map<String, byte[]> all = store.getAll(store.keys(""));
    all.values().forEach(value -> found.add(new String(value, UTF_8)));
    return all.size() + " " + String.join(" ", found);
  }
}

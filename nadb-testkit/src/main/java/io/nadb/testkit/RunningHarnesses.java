package io.nadb.testkit;

import io.nadb.KeyValueStore;
import io.nadb.NadbUrlException;
import io.nadb.StoreRegistry;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The harnesses of this JVM that have not been closed, by name.
 *
 * <p>They are static because a URL is all that an application under test passes on: nothing else
 * leads from it to the test.
 */
final class RunningHarnesses {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");
  private static final Pattern MADE_UP = Pattern.compile("h\\d+");
  private static final Pattern NAMED =
      Pattern.compile("(" + NAME.pattern() + "):(.*)", Pattern.DOTALL);
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final NavigableMap<String, NadbHarness> RUNNING = new ConcurrentSkipListMap<>();

  private RunningHarnesses() {}

  static void checkName(String name) {
    if (!NAME.matcher(name).matches() || MADE_UP.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "["
              + name
              + "] can't name a harness; write a letter, then letters, digits, - and _, but"
              + " not h and digits, which is what others are called by themselves");
    }
  }

  /** Adds a harness under the name that it wants, or one that is made up; returns the name. */
  static String add(NadbHarness harness, String wanted) {
    String name = wanted.isEmpty() ? "h" + NUMBERS.incrementAndGet() : wanted;
    if (isScheme(name, harness.registry())) {
      throw new IllegalArgumentException(
          "["
              + wanted
              + "] can't name a harness: in nadb:test:"
              + wanted
              + ":… it is the scheme of a driver");
    }
    if (RUNNING.putIfAbsent(name, harness) != null) {
      throw new IllegalStateException(
          "a harness named ["
              + name
              + "] is running already; close that first, or find it with"
              + " NadbHarness.running(\""
              + name
              + "\")");
    }
    return name;
  }

  static void remove(String name) {
    RUNNING.remove(name);
  }

  static @Nullable NadbHarness find(String name) {
    return RUNNING.get(name);
  }

  /**
   * Opens a store in a harness.
   *
   * @param path the URL after {@code nadb:test:}
   */
  static KeyValueStore open(String path, Map<String, String> options) {
    Matcher named = NAMED.matcher(path);
    if (named.matches()) {
      NadbHarness harness = RUNNING.get(named.group(1));
      if (harness != null) {
        return harness.openForApplication(named.group(2), options);
      }
      if (MADE_UP.matcher(named.group(1)).matches()) {
        throw new NadbUrlException(
            "nadb:test:" + path + ": the harness " + named.group(1) + " has been closed");
      }
      if (NAMED.matcher(named.group(2)).matches() && !isScheme(named.group(1))) {
        throw new NadbUrlException(
            "nadb:test:"
                + path
                + ": no harness named "
                + named.group(1)
                + " is running; begin with NadbHarness.create(HarnessSettings.DEFAULT.withName(\""
                + named.group(1)
                + "\"))");
      }
    }
    return onlyOne(path).openForApplication(path, options);
  }

  private static boolean isScheme(String word) {
    try (StoreRegistry registry = StoreRegistry.create()) {
      return isScheme(word, registry);
    }
  }

  private static boolean isScheme(String word, StoreRegistry registry) {
    return registry.drivers().stream().anyMatch(driver -> driver.scheme().equalsIgnoreCase(word));
  }

  /** The harness that a URL without a name means: a harness with a name is meant by that alone. */
  private static NadbHarness onlyOne(String path) {
    List<NadbHarness> candidates =
        RUNNING.entrySet().stream()
            .filter(entry -> MADE_UP.matcher(entry.getKey()).matches())
            .map(Map.Entry::getValue)
            .toList();
    if (candidates.size() != 1) {
      throw new NadbUrlException(
          "nadb:test:"
              + path
              + (candidates.isEmpty()
                  ? ": no NadbHarness is running; a test must have one while the application runs"
                  : ": "
                      + candidates.size()
                      + " harnesses are running; configure the application with what"
                      + " NadbHarness.testUrl returns"));
    }
    return candidates.get(0);
  }
}

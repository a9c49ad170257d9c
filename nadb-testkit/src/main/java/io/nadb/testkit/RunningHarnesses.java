package io.nadb.testkit;

import io.nadb.KeyValueStore;
import io.nadb.NadbUrlException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The harnesses of this JVM that have not been closed, by number.
 *
 * <p>They are static because a URL is all that an application under test passes on: nothing else
 * leads from it to the test.
 */
final class RunningHarnesses {
  private static final Pattern NUMBERED = Pattern.compile("h(\\d+):(.*)", Pattern.DOTALL);
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final NavigableMap<Integer, NadbHarness> RUNNING = new ConcurrentSkipListMap<>();

  private RunningHarnesses() {}

  static int add(NadbHarness harness) {
    int number = NUMBERS.incrementAndGet();
    RUNNING.put(number, harness);
    return number;
  }

  static void remove(int number) {
    RUNNING.remove(number);
  }

  /**
   * Opens a store in a harness.
   *
   * @param path the URL after {@code nadb:test:}
   */
  static KeyValueStore open(String path, Map<String, String> options) {
    Matcher numbered = NUMBERED.matcher(path);
    if (numbered.matches()) {
      NadbHarness harness = RUNNING.get(Integer.parseInt(numbered.group(1)));
      if (harness == null) {
        throw new NadbUrlException(
            "nadb:test:" + path + ": the harness h" + numbered.group(1) + " has been closed");
      }
      return harness.openForApplication(numbered.group(2), options);
    }
    if (RUNNING.size() != 1) {
      throw new NadbUrlException(
          "nadb:test:"
              + path
              + (RUNNING.isEmpty()
                  ? ": no NadbHarness is running; a test must have one while the application runs"
                  : ": "
                      + RUNNING.size()
                      + " harnesses are running; configure the application with what"
                      + " NadbHarness.testUrl returns"));
    }
    return RUNNING.firstEntry().getValue().openForApplication(path, options);
  }
}

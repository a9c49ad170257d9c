package io.nadb.durability;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * A process that opens, writes, flushes and closes, while one system call of it fails, and looks
 * for a lie in what the store says.
 */
final class FailingCallChild {
  private static final int LIVES = 3;

  /** What a flush acknowledged: the version of each key. */
  private final Map<String, Integer> acknowledged = new TreeMap<>();

  /** What was written since, which may be there or not. */
  private final Map<String, Integer> doubtful = new TreeMap<>();

  private final String url;
  private int version;
  private int failures;

  private FailingCallChild(String url) {
    this.url = url;
  }

  /** Argument: the URL. Ends with a line that is "right", or says what is not. */
  public static void main(String[] arguments) {
    try {
      FailingCallChild child = new FailingCallChild(arguments[0]);
      for (int life = 0; life < LIVES; life++) {
        child.live();
      }
      if (child.failures > 1) {
        throw new AssertionError(child.failures + " lives failed, of one call that did");
      }
      System.out.println("right");
    } catch (Throwable e) {
      e.printStackTrace();
      System.out.println("wrong: " + e);
    }
    System.out.flush();
  }

  /** What fails must do so as it is documented, and the next life must find all well. */
  private void live() {
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store = registry.open(url)) {
      check(store);
      for (int cut = 0; cut < 5; cut++) {
        version++;
        for (String key : new String[] {"a", "b", "c" + cut}) {
          doubtful.put(key, version);
          store.set(key, value(version));
        }
        store.flush();
        acknowledged.putAll(doubtful);
        doubtful.clear();
      }
      check(store);
    } catch (NadbException e) {
      failures++;
      String message = String.valueOf(e.getMessage());
      if (!message.contains("store") || message.contains("UnixException")) {
        throw new AssertionError("an unclear message: " + message, e);
      }
    }
  }

  private void check(KeyValueStore store) {
    boolean newer = false;
    boolean older = false;
    for (String key : union()) {
      int found = store.get(key).map(FailingCallChild::version).orElse(0);
      int sure = acknowledged.getOrDefault(key, 0);
      int perhaps = doubtful.getOrDefault(key, sure);
      if (found != sure && found != perhaps) {
        throw new AssertionError(key + " has version " + found + ", not " + sure + ", " + perhaps);
      }
      newer |= found != sure;
      older |= found != perhaps;
    }
    if (newer && older) {
      throw new AssertionError("half a flush is there: " + doubtful);
    }
    if (newer) {
      acknowledged.putAll(doubtful);
    }
    doubtful.clear();
  }

  private Iterable<String> union() {
    Map<String, Integer> all = new TreeMap<>(acknowledged);
    all.putAll(doubtful);
    return all.keySet();
  }

  private static byte[] value(int version) {
    byte[] value = new byte[9_000];
    Arrays.fill(value, (byte) version);
    return value;
  }

  private static int version(byte[] value) {
    for (byte each : value) {
      if (each != value[0]) {
        throw new AssertionError("a torn value");
      }
    }
    return value[0];
  }
}

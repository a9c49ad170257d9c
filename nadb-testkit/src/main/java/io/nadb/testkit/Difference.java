package io.nadb.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What tells what was found from what was expected, as text for failure messages. */
final class Difference {

  private Difference() {}

  /** Which texts are missing, and which are there unexpectedly; empty if neither. */
  static String of(Collection<String> expected, Collection<String> found) {
    List<String> missing = new ArrayList<>(expected);
    found.forEach(missing::remove);
    List<String> unexpected = new ArrayList<>(found);
    expected.forEach(unexpected::remove);
    List<String> parts = new ArrayList<>();
    if (!missing.isEmpty()) {
      parts.add("missing: " + Text.quote(missing));
    }
    if (!unexpected.isEmpty()) {
      parts.add("unexpected: " + Text.quote(unexpected));
    }
    return String.join("; ", parts);
  }

  /** As above, for the keys of entries; and which of them have other values. */
  static String of(Map<String, byte[]> expected, Map<String, byte[]> found) {
    List<String> parts = new ArrayList<>();
    String keys = of(expected.keySet(), found.keySet());
    if (!keys.isEmpty()) {
      parts.add(keys);
    }
    expected.forEach(
        (key, value) -> {
          byte[] other = found.get(key);
          if (other != null && !Arrays.equals(other, value)) {
            parts.add(
                Text.quote(key)
                    + " is "
                    + Text.show(other)
                    + " instead of "
                    + Text.show(value)
                    + ", from byte "
                    + Arrays.mismatch(other, value)
                    + " on");
          }
        });
    return String.join("; ", parts);
  }
}

package io.nadb.benchmarks.workload;

import java.util.Locale;

/**
 * One of the forms that a workload comes in.
 *
 * @param label what the form is called, in arguments and tables
 * @param keys how many keys the store has
 * @param valueBytes how long values are
 * @param threads how many threads use the store
 * @param amount what else differs, as the workload says: a percentage, a rate
 */
public record Variant(String label, int keys, int valueBytes, int threads, int amount) {
  /** The length of values where a workload says nothing else. */
  public static final int VALUE_BYTES = 100;

  /** A store with so many keys, used by one thread. */
  public static Variant ofKeys(int keys) {
    return new Variant(count(keys) + " keys", keys, VALUE_BYTES, 1, 0);
  }

  /** The same under another name. */
  public Variant named(String other) {
    return new Variant(other, keys, valueBytes, threads, amount);
  }

  /** The same with values of another length. */
  public Variant withValueBytes(int other) {
    return new Variant(label, keys, other, threads, amount);
  }

  /** The same from so many threads. */
  public Variant withThreads(int other) {
    return new Variant(label, keys, valueBytes, other, amount);
  }

  /** The same with another amount. */
  public Variant withAmount(int other) {
    return new Variant(label, keys, valueBytes, threads, other);
  }

  /** Writes a number as one says it: 10 k, 1 M. */
  public static String count(int number) {
    if (number >= 1_000_000 && number % 100_000 == 0) {
      return number % 1_000_000 == 0
          ? number / 1_000_000 + " M"
          : String.format(Locale.ROOT, "%.1f M", number / 1e6);
    }
    return number >= 1000 && number % 1000 == 0 ? number / 1000 + " k" : String.valueOf(number);
  }
}

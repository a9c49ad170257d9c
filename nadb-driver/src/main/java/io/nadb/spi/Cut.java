package io.nadb.spi;

/**
 * All that a flush writes: the latest write of each key up to a sequence number. A backend applies
 * it whole or not at all.
 *
 * @since 0.1.0
 */
public interface Cut {

  /** All writes up to and including this one are in this cut or in an earlier one. */
  long sequence();

  /** How many keys are in here. */
  int size();

  /**
   * Shows the writes, each key once, namespace by namespace.
   *
   * @throws E what the visitor throws; it is shown no more then
   */
  <E extends Exception> void forEach(Visitor<E> visitor) throws E;

  /**
   * How many bytes the writes have in UTF-8: namespace, key, value, and tags with two more for
   * each. Unless a cut has counted them, it looks at all its writes.
   */
  default long contentBytes() {
    long[] sum = new long[1];
    forEach(
        (namespace, key, write) ->
            sum[0] += Utf8.length(namespace) + Utf8.length(key) + write.contentBytes());
    return sum[0];
  }

  /**
   * Is shown writes.
   *
   * @param <E> what it throws
   */
  @FunctionalInterface
  interface Visitor<E extends Exception> {
    /** Is shown a key's write. */
    void visit(String namespace, String key, Write write) throws E;
  }
}

package io.nadb.internal.log.query;

import io.nadb.internal.log.format.LogRecord;
import io.nadb.spi.Selection;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keys of a namespace from one, inclusive, to another, exclusive, as bytes.
 *
 * @param namespace the namespace
 * @param from the first key
 * @param to the first key that is too large; null for no bound
 * @param descending whether the last comes first
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
record KeyRange(byte[] namespace, byte[] from, byte @Nullable [] to, boolean descending) {

  static KeyRange of(String namespace, Selection selection) {
    byte[] from = utf8(selection.from());
    byte[] prefix = utf8(selection.prefix());
    byte[] first = Arrays.compareUnsigned(from, prefix) < 0 ? prefix : from;
    byte[] behind = behind(prefix);
    byte[] to = selection.to() == null ? null : utf8(selection.to());
    byte[] end =
        to == null || (behind != null && Arrays.compareUnsigned(behind, to) < 0) ? behind : to;
    boolean descending = selection.order() == Selection.Order.KEY_DESCENDING;
    return new KeyRange(utf8(namespace), first, end, descending);
  }

  /** The first bytes that come after all that begin with a prefix; null if there are none. */
  private static byte @Nullable [] behind(byte[] prefix) {
    for (int last = prefix.length - 1; last >= 0; last--) {
      if (prefix[last] != (byte) 0xFF) {
        byte[] next = Arrays.copyOf(prefix, last + 1);
        next[last]++;
        return next;
      }
    }
    return null;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether a record's key is one of these. */
  boolean includes(LogRecord record) {
    return record.isIn(namespace)
        && record.compareKey(namespace, from) >= 0
        && (to == null || record.compareKey(namespace, to) < 0);
  }
}

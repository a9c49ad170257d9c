package io.nadb.internal.spool;

import io.nadb.spi.Cut;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The order in which writes were made. */
final class Order {
  private static final Comparator<SpooledWrite> BY_SEQUENCE =
      Comparator.comparingLong(each -> each.write().sequence());

  private Order() {}

  static void sort(List<SpooledWrite> writes) {
    writes.sort(BY_SEQUENCE);
  }

  /** The writes of a cut, in their order. */
  static List<SpooledWrite> of(Cut cut) {
    List<SpooledWrite> writes = new ArrayList<>(cut.size());
    cut.forEach((namespace, key, write) -> writes.add(new SpooledWrite(namespace, key, write)));
    sort(writes);
    return writes;
  }
}

package io.nadb.internal.store;

import io.nadb.internal.store.MemTable.Slot;
import io.nadb.spi.Write;

/**
 * Writes of several keys on their way into a mem table, for whoever holds the buffer's lock. First
 * each finds its slot and is counted, which shows nobody anything and may fail, as for want of
 * memory; then all are put in, which allocates nothing and does not fail.
 */
final class PendingWrites {
  private final MemTable table;
  private final Slot[] found;
  private final Write[] writes;
  private int size;

  /** How many keys the table has not had before. */
  private int newKeys;

  /** What the table counts more than before. */
  private long bytes;

  private long content;
  private long earliestExpiry = Write.NEVER;

  /** Creates one for so many writes, each of another key. */
  PendingWrites(MemTable table, int size) {
    this.table = table;
    this.found = new Slot[size];
    this.writes = new Write[size];
  }

  /**
   * Gets a write ready, as it is when the one that it replaces comes directly before it.
   *
   * @return what will be put in
   */
  Write add(String namespace, String key, Write write) {
    MemTable.Namespace slots = table.slots(namespace);
    Slot slot = slots.slot(key);
    Write before = slot.write();
    Write placed = Creation.after(before, write);
    if (before == null) {
      newKeys++;
      content += slots.nameBytes();
    } else {
      table.replacing(slot, before);
      count(key, before, -1);
    }
    count(key, placed, 1);
    earliestExpiry = Math.min(earliestExpiry, placed.expiresAt());
    found[size] = slot;
    writes[size] = placed;
    size++;
    return placed;
  }

  private void count(String key, Write write, int sign) {
    long length = MemTable.length(key, write);
    bytes += sign * MemTable.charge(length);
    content += sign * MemTable.content(length, write);
  }

  /** Puts all in, in the order in which they came. */
  void publish() {
    if (size == 0) {
      return;
    }
    for (int i = 0; i < size; i++) {
      found[i].put(writes[i]);
    }
    table.count(newKeys, bytes, content, earliestExpiry);
    table.note(writes[0].updated(), writes[size - 1].sequence());
  }
}

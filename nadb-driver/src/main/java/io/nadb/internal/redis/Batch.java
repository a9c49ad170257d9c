package io.nadb.internal.redis;

import io.nadb.internal.redis.Keyspace.Partition;
import io.nadb.spi.Write;
import java.util.ArrayList;
import java.util.List;

/** Writes to one partition that are sent as one script, since to call one costs more than to do. */
final class Batch {
  /** No batch has more, so that its script never holds up the server long. */
  private static final int MAX_ENTRIES = 128;

  private static final int MAX_BYTES = 64 << 10;

  private final Partition partition;
  private final List<byte[]> keys = new ArrayList<>();
  private final List<Write> writes = new ArrayList<>();
  private long bytes;

  Batch(Partition partition) {
    this.partition = partition;
  }

  /** What is done with a write that has to go by itself. */
  @FunctionalInterface
  interface Single {
    void accept(Partition partition, byte[] key, Write write);
  }

  /** Whether a write may be in a batch: it must need no index. */
  static boolean takes(Write write) {
    return !write.isDelete()
        && write.tags().isEmpty()
        && write.expiresAt() == Write.NEVER
        && write.inheritsCreated();
  }

  void add(byte[] key, Write write) {
    keys.add(key);
    writes.add(write);
    bytes += key.length + write.value().length;
  }

  boolean isFull() {
    return keys.size() >= MAX_ENTRIES || bytes >= MAX_BYTES;
  }

  long bytes() {
    return bytes;
  }

  /** The name of one of its keys, for messages. */
  byte[] name() {
    return partition.entry(keys.get(0));
  }

  /**
   * The script.
   *
   * @param given what it takes for the time
   * @param now the time by which the writes are dated
   */
  Request request(byte[] given, long now) {
    List<byte[]> names = new ArrayList<>(keys.size());
    byte[][] arguments = new byte[1 + 4 * keys.size()][];
    arguments[0] = given;
    int at = 1;
    for (int i = 0; i < keys.size(); i++) {
      Write write = writes.get(i);
      names.add(partition.entry(keys.get(i)));
      arguments[at++] = write.value();
      arguments[at++] = Writes.number(write.value().length);
      arguments[at++] = Writes.age(write.created(), now);
      arguments[at++] = Writes.age(write.updated(), now);
    }
    return Request.script(partition, Script.SET_MANY, names, arguments);
  }

  /** Gives away the write with a number, counted from 1 as scripts do. */
  void get(long number, Single to) {
    int i = (int) number - 1;
    to.accept(partition, keys.get(i), writes.get(i));
  }

  void forEach(Single to) {
    for (int number = 1; number <= keys.size(); number++) {
      get(number, to);
    }
  }
}

package io.nadb.internal.redis;

import io.nadb.internal.redis.Keyspace.Partition;
import java.util.ArrayList;
import java.util.List;

/** Entries of one partition that are removed by one script, index by index. */
final class Departures {
  /** Each stands in some indexes; a script that removes so many never holds up the server long. */
  private static final int MAX_ENTRIES = 128;

  private final Partition partition;
  private final byte[] which;
  private final List<byte[]> keys = new ArrayList<>();
  private long bytes;

  /**
   * Begins with none.
   *
   * @param which what may be removed, as {@code delete.lua} takes it
   */
  Departures(Partition partition, byte[] which) {
    this.partition = partition;
    this.which = which;
  }

  /** What is done with a key that has to go by itself. */
  @FunctionalInterface
  interface Single {
    void accept(Partition partition, byte[] key, byte[] which);
  }

  void add(byte[] key) {
    keys.add(key);
    bytes += key.length;
  }

  boolean isFull() {
    return keys.size() >= MAX_ENTRIES;
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
   */
  Request request(byte[] given) {
    List<byte[]> names = keys.stream().map(partition::entry).toList();
    return Request.script(partition, Script.DELETE_MANY, names, given, which);
  }

  /** Gives away the key with a number, counted from 1 as scripts do. */
  void get(long number, Single to) {
    to.accept(partition, keys.get((int) number - 1), which);
  }

  void forEach(Single to) {
    keys.forEach(key -> to.accept(partition, key, which));
  }
}

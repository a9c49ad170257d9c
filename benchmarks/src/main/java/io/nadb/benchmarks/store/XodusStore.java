package io.nadb.benchmarks.store;

import java.util.Arrays;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.env.Cursor;
import jetbrains.exodus.env.Environment;
import jetbrains.exodus.env.EnvironmentConfig;
import jetbrains.exodus.env.Environments;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * A Xodus environment: one exclusive transaction per batch, with durable writes, and one read-only
 * transaction per read.
 */
final class XodusStore extends TableStore {
  private final Environment env;
  private final Tables<jetbrains.exodus.env.Store> tables;
  private @Nullable Transaction batch;
  private volatile @Nullable Thread writer;

  XodusStore(Setup setup) {
    super(setup, true);
    env = open(setup, true);
    tables =
        Tables.of(
            table ->
                env.computeInTransaction(
                    transaction ->
                        env.openStore(table.name(), StoreConfig.WITHOUT_DUPLICATES, transaction)));
  }

  /**
   * Opens an environment.
   *
   * @param durable whether each commit syncs
   */
  static Environment open(Setup setup, boolean durable) {
    EnvironmentConfig config =
        new EnvironmentConfig()
            .setLogDurableWrite(durable)
            .setMemoryUsage(Setup.CACHE_BYTES)
            .setEnvCloseForcedly(true);
    config.setManagementEnabled(false);
    return Environments.newInstance(setup.directory().toFile(), config);
  }

  @Override
  byte @Nullable [] read(Table table, byte[] key) {
    Transaction current = batch;
    if (writer == Thread.currentThread() && current != null) {
      return copy(tables.get(table).get(current, new ArrayByteIterable(key)));
    }
    Transaction read = env.beginReadonlyTransaction();
    try {
      return copy(tables.get(table).get(read, new ArrayByteIterable(key)));
    } finally {
      read.abort();
    }
  }

  static byte @Nullable [] copy(@Nullable ByteIterable found) {
    return found == null ? null : Arrays.copyOf(found.getBytesUnsafe(), found.getLength());
  }

  private Transaction batch() {
    Transaction current = batch;
    if (current == null) {
      current = env.beginExclusiveTransaction();
      batch = current;
      writer = Thread.currentThread();
    }
    return current;
  }

  @Override
  void write(Table table, byte[] key, byte[] value) {
    tables.get(table).put(batch(), new ArrayByteIterable(key), new ArrayByteIterable(value));
  }

  @Override
  void remove(Table table, byte[] key) {
    tables.get(table).delete(batch(), new ArrayByteIterable(key));
  }

  @Override
  void scan(Table table, byte[] from, boolean values, Visitor visitor) {
    Transaction read = env.beginReadonlyTransaction();
    byte[] none = {};
    try (Cursor at = tables.get(table).openCursor(read)) {
      boolean found =
          from.length == 0
              ? at.getNext()
              : at.getSearchKeyRange(new ArrayByteIterable(from)) != null;
      while (found) {
        byte[] key = Arrays.copyOf(at.getKey().getBytesUnsafe(), at.getKey().getLength());
        byte[] value = none;
        if (values) {
          value = Arrays.copyOf(at.getValue().getBytesUnsafe(), at.getValue().getLength());
        }
        found = visitor.visit(key, value) && at.getNext();
      }
    } finally {
      read.abort();
    }
  }

  @Override
  void commit() {
    Transaction current = batch;
    if (current != null) {
      writer = null;
      batch = null;
      current.commit();
    }
  }

  @Override
  public void close() {
    commit();
    env.close();
  }
}

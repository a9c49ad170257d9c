package io.nadb.benchmarks.store;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.CursorIterable;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.KeyRange;
import org.lmdbjava.Txn;

/**
 * LMDB by lmdbjava: one write transaction per batch, synced by its commit; read transactions are
 * renewed, one a thread, and buffers are direct and reused, as its documentation advises.
 */
final class LmdbStore extends TableStore {
  /** How long keys may be. */
  static final int MAX_KEY = 511;

  private static final long MAP_BYTES = 1L << 36;

  private final Env<ByteBuffer> env;
  private final Tables<Dbi<ByteBuffer>> tables;
  private final Queue<Reader> readers = new ConcurrentLinkedQueue<>();
  private final ThreadLocal<Reader> reader = ThreadLocal.withInitial(this::newReader);
  private final ByteBuffer writtenKey = ByteBuffer.allocateDirect(MAX_KEY);
  private final ByteBuffer writtenValue;
  private @Nullable Txn<ByteBuffer> batch;
  private volatile @Nullable Thread writer;

  /** A thread's read transaction and key. */
  private record Reader(Txn<ByteBuffer> transaction, ByteBuffer key) {}

  LmdbStore(Setup setup) {
    super(setup, true);
    writtenValue = ByteBuffer.allocateDirect(setup.valueBytes() + 512);
    EnvFlags[] flags =
        setup.beyondMemory() ? new EnvFlags[] {EnvFlags.MDB_NORDAHEAD} : new EnvFlags[0];
    env = open(setup, flags);
    tables = Tables.of(table -> env.openDbi(table.name(), DbiFlags.MDB_CREATE));
  }

  static Env<ByteBuffer> open(Setup setup, EnvFlags... flags) {
    return Env.create().setMapSize(MAP_BYTES).setMaxDbs(3).open(setup.directory().toFile(), flags);
  }

  private Reader newReader() {
    Txn<ByteBuffer> transaction = env.txnRead();
    transaction.reset();
    Reader made = new Reader(transaction, ByteBuffer.allocateDirect(MAX_KEY));
    readers.add(made);
    return made;
  }

  @Override
  byte @Nullable [] read(Table table, byte[] key) {
    Reader own = reader.get();
    ByteBuffer sought = own.key.clear().put(key).flip();
    Txn<ByteBuffer> current = batch;
    if (writer == Thread.currentThread() && current != null) {
      return copy(tables.get(table).get(current, sought));
    }
    own.transaction.renew();
    byte[] found = copy(tables.get(table).get(own.transaction, sought));
    own.transaction.reset();
    return found;
  }

  static byte @Nullable [] copy(@Nullable ByteBuffer found) {
    if (found == null) {
      return null;
    }
    byte[] value = new byte[found.remaining()];
    found.get(value);
    return value;
  }

  private Txn<ByteBuffer> batch() {
    Txn<ByteBuffer> current = batch;
    if (current == null) {
      current = env.txnWrite();
      batch = current;
      writer = Thread.currentThread();
    }
    return current;
  }

  @Override
  void write(Table table, byte[] key, byte[] value) {
    writtenKey.clear().put(key).flip();
    writtenValue.clear().put(value).flip();
    tables.get(table).put(batch(), writtenKey, writtenValue);
  }

  @Override
  void remove(Table table, byte[] key) {
    writtenKey.clear().put(key).flip();
    tables.get(table).delete(batch(), writtenKey);
  }

  @Override
  void scan(Table table, byte[] from, boolean values, Visitor visitor) {
    ByteBuffer start = ByteBuffer.allocateDirect(MAX_KEY).put(from).flip();
    KeyRange<ByteBuffer> range = from.length == 0 ? KeyRange.all() : KeyRange.atLeast(start);
    Reader own = reader.get();
    own.transaction.renew();
    byte[] none = {};
    try (CursorIterable<ByteBuffer> found = tables.get(table).iterate(own.transaction, range)) {
      for (CursorIterable.KeyVal<ByteBuffer> at : found) {
        byte[] key = new byte[at.key().remaining()];
        at.key().get(key);
        byte[] value = none;
        if (values) {
          value = new byte[at.val().remaining()];
          at.val().get(value);
        }
        if (!visitor.visit(key, value)) {
          break;
        }
      }
    }
    own.transaction.reset();
  }

  @Override
  void commit() {
    Txn<ByteBuffer> current = batch;
    if (current != null) {
      writer = null;
      batch = null;
      current.commit();
      current.close();
    }
  }

  @Override
  public void close() {
    commit();
    readers.forEach(each -> each.transaction.close());
    env.close();
  }
}

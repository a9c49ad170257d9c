package io.nadb.benchmarks.store;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;

/**
 * LMDB's write transactions, of which there is one at a time, so that none is aborted. Each commit
 * syncs; with an fsync per megabyte, {@code MDB_NOSYNC} leaves that to {@code sync}.
 */
final class LmdbTransactions extends TransactionalPeer {
  private final boolean syncing;
  private final Env<ByteBuffer> env;
  private final Dbi<ByteBuffer> entries;
  private final ThreadLocal<Buffers> buffers;

  /** A thread's direct buffers. */
  private record Buffers(ByteBuffer key, ByteBuffer value) {}

  LmdbTransactions(Setup setup) {
    super(setup.discipline());
    syncing = setup.discipline() != Discipline.EACH;
    env = LmdbStore.open(setup, syncing ? new EnvFlags[] {EnvFlags.MDB_NOSYNC} : new EnvFlags[0]);
    entries = env.openDbi("accounts", DbiFlags.MDB_CREATE);
    buffers =
        ThreadLocal.withInitial(
            () ->
                new Buffers(
                    ByteBuffer.allocateDirect(LmdbStore.MAX_KEY),
                    ByteBuffer.allocateDirect(setup.valueBytes())));
  }

  private final class Writer extends Bytes {
    private final Txn<ByteBuffer> transaction;
    private final Buffers own = buffers.get();

    Writer(Txn<ByteBuffer> transaction) {
      this.transaction = transaction;
    }

    @Override
    byte @Nullable [] read(byte[] key) {
      return LmdbStore.copy(entries.get(transaction, own.key.clear().put(key).flip()));
    }

    @Override
    void write(byte[] key, byte[] value) {
      own.key.clear().put(key).flip();
      own.value.clear().put(value).flip();
      entries.put(transaction, own.key, own.value);
    }
  }

  @Override
  Bytes attempt(Consumer<Access> body) {
    try (Txn<ByteBuffer> transaction = env.txnWrite()) {
      Bytes writer = new Writer(transaction);
      body.accept(writer);
      transaction.commit();
      return writer;
    }
  }

  @Override
  void sync() {
    if (syncing) {
      env.sync(true);
    }
  }

  @Override
  public void close() {
    flush();
    env.close();
  }
}

package io.nadb.testkit;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.SetOptions;
import io.nadb.Transaction;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A transaction whose writes are entered into the ledger once it is committed. */
final class RecordingTransaction implements Transaction {
  private static final int DELETED = -1;

  private final RecordingStore store;
  private final Transaction real;
  private final String namespace;

  /** How many bytes each key has been set to, {@link #DELETED} if it was deleted. */
  private final Map<Name, Integer> writes;

  RecordingTransaction(RecordingStore store, Transaction real) {
    this(store, real, store.namespace(), new LinkedHashMap<>());
  }

  private RecordingTransaction(
      RecordingStore store, Transaction real, String namespace, Map<Name, Integer> writes) {
    this.store = store;
    this.real = real;
    this.namespace = namespace;
    this.writes = writes;
  }

  private record Name(String namespace, String key) {}

  @Override
  public Transaction namespace(String name) {
    return new RecordingTransaction(store, real.namespace(name), name, writes);
  }

  @Override
  public Optional<byte[]> get(String key) {
    return store.read(key, store.ask(alive -> real.get(key)));
  }

  @Override
  public boolean contains(String key) {
    return store.read(key, store.ask(alive -> real.contains(key)));
  }

  @Override
  public Optional<EntryMetadata> metadata(String key) {
    return store.read(key, store.ask(alive -> real.metadata(key)));
  }

  @Override
  public Optional<Entry> entry(String key) {
    return store.read(key, store.ask(alive -> real.entry(key)));
  }

  @Override
  public void set(String key, byte[] value, SetOptions options) {
    store.tell(alive -> real.set(key, value, options));
    writes.put(new Name(namespace, key), value.length);
  }

  @Override
  public boolean delete(String key) {
    boolean existed = store.ask(alive -> real.delete(key));
    if (existed) {
      writes.put(new Name(namespace, key), DELETED);
    }
    return existed;
  }

  @Override
  public long commit() {
    long sequence = store.ask(alive -> real.commit());
    acknowledge(sequence - writes.size(), sequence);
    return sequence;
  }

  /**
   * Enters the writes, which have numbers that follow each other, and are in one cut.
   *
   * @param before the number of the last write of all before it was committed, or an earlier one
   * @param last its last number, or that of a later write
   */
  void acknowledge(long before, long last) {
    if (!writes.isEmpty()) {
      store.noteHowWritten();
    }
    long least = before + writes.size();
    long sequence = last - writes.size();
    for (Map.Entry<Name, Integer> write : writes.entrySet()) {
      sequence++;
      Name name = write.getKey();
      boolean deleted = write.getValue() == DELETED;
      store.acknowledge(
          store.write(
              name.namespace,
              name.key,
              deleted ? LostWrite.Kind.DELETE : LostWrite.Kind.SET,
              sequence,
              deleted ? 0 : write.getValue()),
          least,
          last);
    }
    writes.clear();
  }

  @Override
  public void rollback() {
    writes.clear();
    real.rollback();
  }

  @Override
  public void close() {
    rollback();
  }
}

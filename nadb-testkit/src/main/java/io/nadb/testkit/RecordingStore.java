package io.nadb.testkit;

import io.nadb.AsyncKeyValueStore;
import io.nadb.Entry;
import io.nadb.KeyValueStore;
import io.nadb.NamespaceStats;
import io.nadb.SetOptions;
import io.nadb.StoreStats;
import io.nadb.Transaction;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A handle that enters into the ledger what it acknowledges, and dies with its process. */
final class RecordingStore implements ForwardingStore {
  private final KeyValueStore real;
  private final DurabilityOracle location;
  private final String namespace;
  private final SimulatedProcess life;
  private final AsyncKeyValueStore async = new RecordingAsync(() -> this);

  RecordingStore(
      KeyValueStore real, DurabilityOracle location, String namespace, SimulatedProcess life) {
    this.real = real;
    this.location = location;
    this.namespace = namespace;
    this.life = life;
  }

  @Override
  public KeyValueStore to() {
    life.checkAlive();
    return real;
  }

  @Override
  public <T extends @Nullable Object> T ask(Function<KeyValueStore, T> question) {
    KeyValueStore store = to();
    return life.calls().make(() -> question.apply(store));
  }

  DurabilityOracle location() {
    return location;
  }

  String namespace() {
    return namespace;
  }

  SimulatedProcess life() {
    return life;
  }

  @Override
  public long set(String key, byte[] value, SetOptions options) {
    long sequence = ask(store -> store.set(key, value, options));
    acknowledgeSet(key, sequence, value.length);
    return sequence;
  }

  void acknowledgeSet(String key, long sequence, int bytes) {
    acknowledge(write(key, LostWrite.Kind.SET, sequence, bytes), sequence, sequence);
  }

  @Override
  public Optional<byte[]> get(String key) {
    return read(key, ask(store -> store.get(key)));
  }

  @Override
  public Optional<Entry> entry(String key) {
    return read(key, ask(store -> store.entry(key)));
  }

  @Override
  public Map<String, byte[]> getAll(Collection<String> keys) {
    List<String> wanted = List.copyOf(keys);
    Map<String, byte[]> values = ask(store -> store.getAll(wanted));
    wanted.forEach(key -> read(key, values));
    return values;
  }

  @Override
  public long setAll(Map<String, byte[]> entries, SetOptions options) {
    Map<String, byte[]> given = Map.copyOf(entries);
    long last = ask(store -> store.setAll(given, options));
    acknowledgeAll(given, last);
    return last;
  }

  void acknowledgeAll(Map<String, byte[]> given, long last) {
    if (!given.isEmpty()) {
      noteHowWritten();
    }
    long sequence = last - given.size();
    for (Map.Entry<String, byte[]> entry : given.entrySet()) {
      sequence++;
      acknowledge(
          write(entry.getKey(), LostWrite.Kind.SET, sequence, entry.getValue().length), last, last);
    }
  }

  @Override
  public RecordingStore namespace(String name) {
    KeyValueStore other = ask(store -> store.namespace(name));
    return life.adopt(new RecordingStore(other, location, name, life));
  }

  /** Lets happen what a test has placed after the read of a key. */
  <T> T read(String key, T answer) {
    life.faults().interleavings().read(key);
    return answer;
  }

  @Override
  public boolean delete(String key) {
    return deleted(key, sequence(), ask(store -> store.delete(key)));
  }

  @Override
  public boolean delete(String key, byte[] expected) {
    return deleted(key, sequence(), ask(store -> store.delete(key, expected)));
  }

  @Override
  public Optional<byte[]> getAndDelete(String key) {
    long last = sequence();
    Optional<byte[]> before = ask(store -> store.getAndDelete(key));
    deleted(key, last, before.isPresent());
    return before;
  }

  @Override
  public boolean setIfAbsent(String key, byte[] value, SetOptions options) {
    return written(
        key, sequence(), ask(store -> store.setIfAbsent(key, value, options)), value.length);
  }

  @Override
  public boolean setIfPresent(String key, byte[] value, SetOptions options) {
    return written(
        key, sequence(), ask(store -> store.setIfPresent(key, value, options)), value.length);
  }

  @Override
  public boolean replace(String key, byte[] expected, byte[] value) {
    return written(
        key, sequence(), ask(store -> store.replace(key, expected, value)), value.length);
  }

  @Override
  public Optional<byte[]> getAndSet(String key, byte[] value, SetOptions options) {
    long last = sequence();
    Optional<byte[]> before = ask(store -> store.getAndSet(key, value, options));
    written(key, last, true, value.length);
    return before;
  }

  @Override
  public Optional<byte[]> compute(
      String key, Function<Optional<byte[]>, Optional<byte[]>> function) {
    AtomicBoolean existed = new AtomicBoolean();
    AtomicLong last = new AtomicLong();
    Optional<byte[]> after =
        ask(
            store ->
                store.compute(
                    key,
                    before -> {
                      existed.set(before.isPresent());
                      Optional<byte[]> computed = function.apply(read(key, before));
                      last.set(sequence());
                      return computed;
                    }));
    if (after.isPresent()) {
      written(key, last.get(), true, after.get().length);
    } else {
      deleted(key, last.get(), existed.get());
    }
    return after;
  }

  @Override
  public long increment(String key, long delta) {
    long last = sequence();
    long sum = ask(store -> store.increment(key, delta));
    written(key, last, true, Long.toString(sum).length());
    return sum;
  }

  @Override
  public boolean touch(String key, Duration ttl) {
    return touched(key, sequence(), ask(store -> store.touch(key, ttl)));
  }

  boolean touched(String key, long last, boolean done) {
    return acknowledged(key, last, done, LostWrite.Kind.TOUCH, 0);
  }

  @Override
  public AsyncKeyValueStore async() {
    to();
    return async;
  }

  @Override
  public Transaction begin() {
    return new RecordingTransaction(this, ask(store -> store.begin()));
  }

  @Override
  public <T extends @Nullable Object> T transaction(Function<Transaction, T> body) {
    AtomicReference<@Nullable RecordingTransaction> latest = new AtomicReference<>();
    AtomicLong last = new AtomicLong();
    T result =
        ask(
            store ->
                store.transaction(
                    real -> {
                      RecordingTransaction recording = new RecordingTransaction(this, real);
                      latest.set(recording);
                      T made = body.apply(recording);
                      last.set(sequence());
                      return made;
                    }));
    RecordingTransaction committed = latest.get();
    if (committed != null) {
      committed.acknowledge(last.get(), sequence());
    }
    return result;
  }

  /** The number of the last write of all. */
  long sequence() {
    return real.stats().sequence();
  }

  boolean written(String key, long last, boolean done, int bytes) {
    return acknowledged(key, last, done, LostWrite.Kind.SET, bytes);
  }

  boolean deleted(String key, long last, boolean done) {
    return acknowledged(key, last, done, LostWrite.Kind.DELETE, 0);
  }

  /**
   * Enters a write whose call tells no number: it is between that of the last write before the call
   * and that of the last one now.
   */
  private boolean acknowledged(
      String key, long last, boolean done, LostWrite.Kind kind, int bytes) {
    if (done) {
      noteHowWritten();
      long now = sequence();
      acknowledge(write(key, kind, now, bytes), last + 1, now);
    }
    return done;
  }

  private LostWrite write(String key, LostWrite.Kind kind, long sequence, int bytes) {
    return write(namespace, key, kind, sequence, bytes);
  }

  LostWrite write(String space, String key, LostWrite.Kind kind, long sequence, int bytes) {
    return new LostWrite(location.place(), space, key, kind, sequence, bytes, life.ledger().now());
  }

  /** What was made by a server is not buffered, if there is no buffer. */
  void noteHowWritten() {
    if (real.stats().bufferLimitBytes() == 0) {
      location.writing();
    }
  }

  /** Enters a write into the ledger, unless the process has ended meanwhile. */
  void acknowledge(LostWrite write, long least, long most) {
    if (!life.isOver()) {
      location.acknowledge(write, least, most);
    }
  }

  /** Answers after the end, as a closed store does. */
  @Override
  public StoreStats stats() {
    return real.stats();
  }

  @Override
  public NamespaceStats namespaceStats() {
    return real.namespaceStats();
  }

  @Override
  public String name() {
    return real.name();
  }

  @Override
  public String url() {
    return real.url();
  }

  @Override
  public void close() {
    life.forget(this);
    life.calls()
        .make(
            () -> {
              real.close();
              return true;
            });
  }

  @Override
  public String toString() {
    return real.toString();
  }
}

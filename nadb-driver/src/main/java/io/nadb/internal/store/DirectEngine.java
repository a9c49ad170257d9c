package io.nadb.internal.store;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.KeyVersion;
import io.nadb.NadbException;
import io.nadb.NamespaceStats;
import io.nadb.RemovalListener;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import io.nadb.StoreCapability;
import io.nadb.StoreStats;
import io.nadb.TimeSource;
import io.nadb.Transaction;
import io.nadb.internal.async.AsyncCalls;
import io.nadb.internal.failure.Reason;
import io.nadb.internal.jfr.Recordings;
import io.nadb.internal.jfr.Span;
import io.nadb.internal.sync.KeyValueSync;
import io.nadb.internal.sync.Member;
import io.nadb.internal.watch.StoreProbe;
import io.nadb.spi.Change;
import io.nadb.spi.CopyableStore;
import io.nadb.spi.DirectBackend;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An engine without a buffer: each call asks the backend, and a write that has returned is as
 * durable as the backend makes it.
 *
 * <p>Nothing is kept for later. A write that fails is not done again, since other processes may
 * have written in between, and a sequence number is given out only once the backend has answered.
 */
public final class DirectEngine implements Engine {
  private final EngineSettings settings;
  private final TimeSource time;
  private final DirectBackend backend;
  private final InstantSource clock;
  private final StoreProbe probe;
  private final DirectWork work;
  private final Member background;
  private final AtomicLong sequence = new AtomicLong();
  private final UsageCounts usage = new UsageCounts();
  private final LongAdder expired = new LongAdder();
  private final ServerCalls calls;
  private final ServerListings listings;
  private final DirectCommits commits;
  private final Transactions transactions;
  private final AsyncCalls async;
  private final DirectFigures figures;

  private DirectEngine(
      EngineSettings settings,
      TimeSource time,
      KeyValueSync sync,
      DirectBackend backend,
      StoreProbe probe) {
    this.settings = settings;
    this.time = time;
    this.backend = backend;
    this.clock = backend.clock();
    this.probe = probe;
    this.work = new DirectWork(this, settings.sweepInterval(), time.nanoTime(), probe);
    this.background = sync.member(work);
    this.calls = new ServerCalls(settings.name());
    this.listings = new ServerListings(calls, () -> backend.view(sequence.get()), clock::millis);
    this.commits = new DirectCommits(backend, calls, usage, sequence);
    this.transactions = new Transactions(settings, time);
    this.async = DirectCalls.of(settings.name(), backend, calls, usage, sequence);
    this.figures = new DirectFigures(backend, calls, usage, async);
  }

  /** Opens the store over a backend, which it owns from now on, and starts its background work. */
  public static DirectEngine open(
      EngineSettings settings,
      TimeSource time,
      KeyValueSync sync,
      DirectBackend backend,
      StoreProbe probe) {
    DirectEngine engine = new DirectEngine(settings, time, sync, backend, probe);
    engine.background.join();
    probe.opened(engine);
    return engine;
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public void close() {
    end("close was called");
  }

  /** Nothing: a write that has returned does not depend on this process. */
  @Override
  public void prepareForExit() {}

  @Override
  public void discard() {
    end("it was discarded");
  }

  private void end(String reason) {
    calls.end(reason);
    background.leave();
    probe.closed();
    try {
      backend.close();
    } catch (IOException | RuntimeException | InternalError e) {
      throw new NadbException("store " + name() + ": closing failed: " + Reason.of(e), e);
    } finally {
      async.close();
    }
  }

  @Override
  public AsyncCalls async() {
    return async;
  }

  @Override
  public long set(String namespace, String key, byte[] value, SetOptions options) {
    Limits.checkFits(value, backend);
    Instant now = clock.instant();
    long millis = now.toEpochMilli();
    long expiresAt = options.keepsTtl() ? Write.NEVER : Expiry.of(options, now);
    Write write = Write.set(0, value, options.tags(), millis, true, millis, expiresAt);
    calls.ask(
        () -> {
          backend.set(namespace, key, write, options);
          return true;
        });
    usage.of(namespace).written(false);
    return sequence.incrementAndGet();
  }

  @Override
  public boolean delete(String namespace, String key) {
    boolean existed = calls.ask(() -> backend.delete(namespace, key));
    if (existed) {
      usage.of(namespace).written(true);
      sequence.incrementAndGet();
    }
    return existed;
  }

  @Override
  public Change.Outcome change(String namespace, String key, Change change) {
    if (change instanceof Change.Put put) {
      Limits.checkFits(put.value(), backend);
    }
    Expiry.check(change, clock.instant());
    Change.Outcome outcome = calls.ask(() -> backend.change(namespace, key, change));
    if (outcome.made()) {
      usage.changed(namespace, change);
      sequence.incrementAndGet();
    }
    return outcome;
  }

  @Override
  public Transaction begin(String namespace) {
    return handle(namespace);
  }

  private TransactionHandle handle(String namespace) {
    calls.checkOpen();
    return TransactionHandle.begin(
        new ServerTransaction(name(), clock, commits), namespace, backend, calls::checkOpen);
  }

  @Override
  public <T extends @Nullable Object> T transaction(
      String namespace, Function<Transaction, T> body) {
    calls.checkOpen();
    return transactions.run(() -> handle(namespace), body);
  }

  @Override
  public void clear(String namespace) {
    long removed = calls.ask(() -> backend.clear(namespace));
    if (removed > 0) {
      usage.of(namespace).deletes().add(removed);
      sequence.incrementAndGet();
    }
  }

  @Override
  public byte @Nullable [] get(String namespace, String key) {
    Optional<byte[]> value =
        calls.ask(() -> Optional.ofNullable(backend.value(namespace, key, this::now)));
    usage.read(namespace, 1, value.isPresent() ? 1 : 0);
    return value.orElse(null);
  }

  @Override
  public boolean contains(String namespace, String key) {
    return stored(namespace, key).isPresent();
  }

  @Override
  public @Nullable EntryMetadata metadata(String namespace, String key) {
    return stored(namespace, key).map(StoredEntry::toMetadata).orElse(null);
  }

  @Override
  public @Nullable Entry entry(String namespace, String key) {
    return calls
        .ask(() -> Optional.ofNullable(backend.read(namespace, key)))
        .map(stored -> new Entry(stored.entry().toMetadata(), stored.value()))
        .orElse(null);
  }

  @Override
  public long size(String namespace) {
    return listings.size(namespace);
  }

  @Override
  public Map<String, byte[]> getAll(String namespace, List<String> keys) {
    Map<String, byte[]> values = listings.values(namespace, keys);
    usage.read(namespace, keys.size(), values.size());
    return values;
  }

  private Optional<StoredEntry> stored(String namespace, String key) {
    return calls.ask(() -> Optional.ofNullable(backend.entry(namespace, key)));
  }

  @Override
  public List<String> keys(String namespace, String prefix) {
    return listings.keys(namespace, prefix);
  }

  @Override
  public List<EntryMetadata> queryByTags(String namespace, Set<String> tags) {
    return listings.tagged(namespace, tags);
  }

  @Override
  public QuerySource queries(String namespace) {
    calls.checkOpen();
    return new ServerQueries(this, listings, namespace);
  }

  @Override
  public SortedMap<String, Long> tags(String namespace) {
    return listings.tagCounts(namespace);
  }

  @Override
  public Set<StoreCapability> capabilities() {
    return Capabilities.of(backend);
  }

  @Override
  public Snapshot snapshot(String namespace) {
    calls.checkOpen();
    throw Capabilities.noSnapshots(name());
  }

  @Override
  public Snapshot snapshotAt(String namespace, Instant moment) {
    calls.checkOpen();
    throw Capabilities.noHistory(name(), backend);
  }

  @Override
  public List<KeyVersion> log(String namespace, String key, int limit) {
    calls.checkOpen();
    throw Capabilities.noHistory(name(), backend);
  }

  @Override
  public CopyableStore transfer() {
    calls.checkOpen();
    return new DirectTransfer(backend, calls, usage, sequence);
  }

  @Override
  public RemovalFeed onRemoval(String namespace, RemovalListener listener) {
    calls.checkOpen();
    throw Capabilities.noRemovals(name());
  }

  @Override
  public int cleanupExpired(@Nullable String namespace) {
    int sum = 0;
    boolean more = true;
    while (more) {
      DirectBackend.Removal step = removeExpired(namespace);
      sum += step.removed();
      more = step.more();
    }
    return sum;
  }

  /** Removes a bounded number of expired entries, of all namespaces in use if none is named. */
  DirectBackend.Removal removeExpired(@Nullable String namespace) {
    Span span = Recordings.sweep();
    DirectBackend.Removal step = calls.ask(() -> backend.removeExpired(namespace));
    expired.add(step.removed());
    span.swept(name(), step.removed(), step.more());
    return step;
  }

  /** Every write that has returned is where a flush would bring it. */
  @Override
  public void flush() {
    calls.checkOpen();
    background.attend();
  }

  @Override
  public long durableSequence() {
    calls.checkOpen();
    return sequence.get();
  }

  @Override
  public boolean awaitDurable(long write, Duration timeout) {
    calls.checkOpen();
    if (write > sequence.get()) {
      throw new IllegalArgumentException(
          "sequence number " + write + " has not been given out; the last is " + sequence.get());
    }
    return true;
  }

  @Override
  public CompletableFuture<@Nullable Void> whenDurable(long write) {
    try {
      awaitDurable(write, Duration.ZERO);
      return CompletableFuture.completedFuture(null);
    } catch (IllegalStateException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public StoreStats stats() {
    boolean closed = calls.isEnded();
    String trouble = background.trouble();
    background.attend(); // After it has been asked: what has died is told of once.
    long lag = closed ? 0 : work.sweepLagNanos(time.nanoTime());
    return figures.stats(closed, sequence.get(), expired.sum(), trouble, lag);
  }

  @Override
  public NamespaceStats stats(String namespace) {
    return usage.stats(namespace);
  }

  /** Does a step of the backend's background work; for the sync thread. */
  boolean maintain() {
    try {
      return calls.ask(() -> backend.maintain(StorageBackend.Load.IDLE)) == StorageBackend.AT_ONCE;
    } catch (IllegalStateException e) {
      if (calls.isEnded()) { // Meanwhile, which is no failure of this.
        return false;
      }
      throw e;
    }
  }

  private long now() {
    return clock.millis();
  }
}

package io.nadb.internal.store;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.FlushCause;
import io.nadb.KeyVersion;
import io.nadb.NamespaceStats;
import io.nadb.RemovalListener;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import io.nadb.StoreCapability;
import io.nadb.StoreStats;
import io.nadb.TimeSource;
import io.nadb.Transaction;
import io.nadb.internal.async.AsyncCalls;
import io.nadb.internal.sync.KeyValueSync;
import io.nadb.internal.sync.Member;
import io.nadb.internal.watch.StoreProbe;
import io.nadb.spi.Change;
import io.nadb.spi.CopyableStore;
import io.nadb.spi.DirectBackend;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.Write;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** An engine with a write buffer: writes return at once, and go to the backend in cuts. */
public final class BufferedEngine implements Engine {
  private final EngineSettings settings;
  private final TimeSource time;
  private final StorageBackend backend;
  private final boolean readOnly;
  private final StoreProbe probe;
  private final WriteBuffer buffer;
  private final Flusher flusher;
  private final LayeredReader reader;
  private final Sweeper sweeper;
  private final LastWrites lastWrites;
  private final BackgroundWork work;
  private final InstantSource clock;
  private final LongSupplier now;
  private final Member background;
  private final UsageCounts usage = new UsageCounts();
  private final StoreFigures figures;
  private final Clearing clearing;
  private final Settlement settlement;
  private final ConditionalCommits commits;
  private final RemovalListeners removals;
  private final Snapshots snapshots;
  private final ChangeFeeds changes;
  private final StoreClosing closing;
  private final BufferedAsync async;
  private volatile @Nullable String closedBecause;

  private BufferedEngine(
      EngineSettings settings,
      TimeSource time,
      KeyValueSync sync,
      RemovalDelivery delivery,
      StorageBackend backend,
      StoreProbe probe) {
    this.settings = settings;
    this.time = time;
    this.backend = backend;
    this.readOnly = backend.isReadOnly();
    this.probe = probe;
    this.buffer =
        new WriteBuffer(settings, time, backend.recoveredSequence().orElse(0), this::makeRoom);
    this.flusher = new Flusher(settings, time, buffer, backend, probe);
    this.clock = backend instanceof DirectBackend server ? server.clock() : time::now;
    this.now = clock::millis;
    this.reader = new LayeredReader(settings.name(), buffer, backend);
    this.removals = new RemovalListeners(settings, time, delivery, buffer, reader);
    this.sweeper = new Sweeper(settings.name(), time, clock, buffer, reader, flusher);
    this.lastWrites = new LastWrites(settings.name(), time, this::wake, buffer, flusher);
    this.snapshots = new Snapshots(settings.name(), time, clock, buffer, backend, this::wake);
    OpenFeeds feeds = new OpenFeeds(name(), this::wake);
    this.work =
        new BackgroundWork(
            settings,
            time.nanoTime(),
            buffer,
            flusher,
            lastWrites,
            SweepPlan.of(settings, time, clock, buffer, backend, sweeper),
            new Upkeep(settings.name(), backend),
            probe,
            removals,
            snapshots,
            feeds);
    this.background = sync.member(work);
    this.closing =
        new StoreClosing(
            settings.name(), buffer, flusher, backend, probe, background, removals, snapshots);
    this.settlement =
        new Settlement(settings, time, buffer, flusher, lastWrites, work, background, removals);
    this.clearing = new Clearing(buffer, reader, flusher, usage, now, settlement, this::checkOpen);
    this.changes =
        new ChangeFeeds(name(), time, backend, buffer, flusher, settlement, feeds, this::checkOpen);
    this.commits =
        new ConditionalCommits(
            settings,
            time,
            clock,
            backend,
            buffer,
            reader,
            flusher,
            usage,
            settlement,
            this::checkOpen);
    this.async =
        new BufferedAsync(
            this, clock, backend, buffer, usage, settlement, commits, () -> closedBecause);
    this.figures =
        new StoreFigures(
            settings, usage, buffer, flusher, sweeper, backend, removals, snapshots, feeds, async);
  }

  /** Opens the store over a backend, which it owns from now on, and starts its background work. */
  public static BufferedEngine open(
      EngineSettings settings,
      TimeSource time,
      KeyValueSync sync,
      RemovalDelivery delivery,
      StorageBackend backend,
      StoreProbe probe) {
    BufferedEngine engine = new BufferedEngine(settings, time, sync, delivery, backend, probe);
    engine.background.join();
    probe.opened(engine);
    return engine;
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public Set<StoreCapability> capabilities() {
    return Capabilities.of(backend);
  }

  @Override
  public void close() {
    closing.end("close was called", true, reason -> closedBecause = reason, async());
  }

  @Override
  public void discard() {
    closing.end("it was discarded", false, reason -> closedBecause = reason, async());
  }

  @Override
  public void prepareForExit() {
    lastWrites.begin();
  }

  @Override
  public long set(String namespace, String key, byte[] value, SetOptions options) {
    Limits.checkFits(value, backend);
    if (readOnly || options.keepsTags() || options.keepsTtl()) {
      checkWritable();
      return commits.setKeeping(namespace, key, value, options);
    }
    Instant written = clock.instant();
    long expiresAt = Expiry.of(options, written);
    return settlement.commit(
        WriteBatch.set(namespace, key, value, options.tags(), written.toEpochMilli(), expiresAt),
        usage.of(namespace).sets(),
        expiresAt);
  }

  @Override
  public boolean delete(String namespace, String key) {
    checkWritable();
    return commits.delete(namespace, key);
  }

  @Override
  public Change.Outcome change(String namespace, String key, Change change) {
    checkWritable();
    return commits.change(namespace, key, change);
  }

  @Override
  public Transaction begin(String namespace) {
    checkWritable();
    return commits.begin(namespace);
  }

  @Override
  public <T extends @Nullable Object> T transaction(
      String namespace, Function<Transaction, T> body) {
    checkWritable();
    return commits.transaction(namespace, body);
  }

  @Override
  public void clear(String namespace) {
    checkWritable();
    clearing.clear(namespace);
  }

  @Override
  public byte @Nullable [] get(String namespace, String key) {
    checkOpen();
    byte[] value = reader.value(namespace, key, now);
    usage.read(namespace, 1, value == null ? 0 : 1);
    return value;
  }

  @Override
  public boolean contains(String namespace, String key) {
    checkOpen();
    return reader.look(namespace, key, clock.millis()).alive();
  }

  @Override
  public @Nullable EntryMetadata metadata(String namespace, String key) {
    checkOpen();
    return reader.metadata(namespace, key, clock.millis());
  }

  @Override
  public @Nullable Entry entry(String namespace, String key) {
    checkOpen();
    return reader.entry(namespace, key, clock.millis());
  }

  @Override
  public Map<String, byte[]> getAll(String namespace, List<String> keys) {
    checkOpen();
    Map<String, byte[]> values = reader.values(namespace, keys, clock.millis());
    usage.read(namespace, keys.size(), values.size());
    return values;
  }

  @Override
  public long size(String namespace) {
    checkOpen();
    return reader.size(namespace, clock.millis());
  }

  @Override
  public List<String> keys(String namespace, String prefix) {
    checkOpen();
    return reader.keys(namespace, prefix, clock.millis());
  }

  @Override
  public List<EntryMetadata> queryByTags(String namespace, Set<String> tags) {
    checkOpen();
    return reader.tagged(namespace, tags, clock.millis());
  }

  @Override
  public QuerySource queries(String namespace) {
    checkOpen();
    return new StoreQueries(this, reader, snapshots, namespace, clock);
  }

  @Override
  public SortedMap<String, Long> tags(String namespace) {
    checkOpen();
    return reader.tagCounts(namespace, clock.millis());
  }

  @Override
  public Snapshot snapshot(String namespace) {
    checkOpen();
    return snapshots.open(namespace);
  }

  @Override
  public Snapshot snapshotAt(String namespace, Instant moment) {
    checkOpen();
    return snapshots.openAt(namespace, moment);
  }

  @Override
  public List<KeyVersion> log(String namespace, String key, int limit) {
    checkOpen();
    return snapshots.versions(namespace, key, limit);
  }

  @Override
  public RemovalFeed onRemoval(String namespace, RemovalListener listener) {
    checkOpen();
    Capabilities.checkRemovals(this);
    return removals.add(namespace, listener);
  }

  @Override
  public int cleanupExpired(@Nullable String namespace) {
    checkWritable();
    return settlement.sweep(() -> sweeper.sweep(namespace));
  }

  @Override
  public void flush() {
    checkOpen();
    background.attend();
    settlement.withRetry(() -> flusher.flush(FlushCause.EXPLICIT));
    settlement.notice(Write.NEVER); // Maintenance may have something to do now.
  }

  @Override
  public LocationFiles files() {
    checkOpen();
    return new LocationFiles(name(), backend, flusher, settlement, this::wake);
  }

  @Override
  public CopyableStore transfer() {
    return commits.transfer();
  }

  @Override
  public ChangeFeeds changes() {
    return changes;
  }

  @Override
  public long refresh() {
    checkOpen();
    if (readOnly) {
      Refresh.of(name(), backend, buffer, flusher.durable());
      wake(); // What was shown before is to be closed.
    }
    return buffer.sequence();
  }

  @Override
  public long durableSequence() {
    checkOpen();
    return flusher.durable().sequence();
  }

  @Override
  public boolean awaitDurable(long sequence, Duration timeout) throws InterruptedException {
    return async.durability().await(sequence, timeout);
  }

  @Override
  public CompletableFuture<@Nullable Void> whenDurable(long sequence) {
    return async.durability().when(sequence);
  }

  @Override
  public AsyncCalls async() {
    return async.calls();
  }

  @Override
  public StoreStats stats() {
    String trouble = background.trouble();
    boolean open = closedBecause == null;
    long sweepLag = open ? work.sweepLagNanos(time.nanoTime()) : 0;
    background.attend(); // After it has been asked: what has died is told of once.
    return figures.stats(open, trouble, clock.millis(), sweepLag);
  }

  @Override
  public NamespaceStats stats(String namespace) {
    return usage.stats(namespace);
  }

  private void wake() {
    background.wake();
  }

  private void makeRoom() {
    probe.full();
    background.wake();
    flusher.help(time.nanoTime());
  }

  void checkWritable() {
    checkOpen();
    if (readOnly) {
      throw Capabilities.readOnly(name());
    }
  }

  private void checkOpen() {
    if (closedBecause != null) {
      throw async.durability().closed();
    }
  }
}

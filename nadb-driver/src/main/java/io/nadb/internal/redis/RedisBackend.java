package io.nadb.internal.redis;

import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.TimeSource;
import io.nadb.internal.async.Pipeline;
import io.nadb.internal.async.PipelinedBackend;
import io.nadb.internal.spool.Mark;
import io.nadb.internal.spool.MarkedServer;
import io.nadb.internal.spool.SpooledWrite;
import io.nadb.spi.BackendStats;
import io.nadb.spi.BackendView;
import io.nadb.spi.Change;
import io.nadb.spi.Commit;
import io.nadb.spi.Cut;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.StoredValue;
import io.nadb.spi.Write;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A database on a Redis server or a Redis Cluster; {@link Keyspace} draws what it writes there.
 *
 * <p>Other processes write to it too, so nothing is remembered here: not even which entries exist.
 * A write takes one round trip, and so does a read, whatever is stored.
 */
public final class RedisBackend implements MarkedServer, PipelinedBackend {
  /** What {@code proto-max-bulk-len} of the server allows by default. */
  private static final int MAX_VALUE_BYTES = 512 << 20;

  private final ServerClock clock;
  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final Entries entries;
  private final RedisQueries queries;
  private final Listing listing;
  private final Clearance clearance;
  private final Writes writes;
  private final Changes changes;
  private final Commits commits;
  private final Spools spools;
  private final Expiries expiries;
  private final Evictions evictions;
  private final Rebuild rebuild;
  private final RedisUpkeep upkeep;
  private final ConnectionFigures figures;

  private RedisBackend(
      ServerClock clock,
      Dispatcher dispatcher,
      Keyspace keyspace,
      Evictions evictions,
      Format format,
      ConnectionFigures figures) {
    this.clock = clock;
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
    this.evictions = evictions;
    this.figures = figures;
    this.entries = new Entries(dispatcher, keyspace, clock);
    this.listing = new Listing(dispatcher, keyspace);
    this.rebuild = new Rebuild(dispatcher, keyspace, entries, listing);
    this.expiries = new Expiries(dispatcher, keyspace, clock);
    IndexWalks indexes = new IndexWalks(dispatcher, keyspace, entries);
    TagCounts counts = new TagCounts(dispatcher, keyspace);
    this.queries = new RedisQueries(keyspace, indexes, counts, expiries, evictions, rebuild);
    this.clearance = new Clearance(dispatcher, keyspace, indexes, counts, listing);
    this.writes = new Writes(dispatcher, keyspace, clock);
    this.changes = new Changes(dispatcher, keyspace, clock);
    this.commits = new Commits(dispatcher, keyspace, clock);
    this.spools = new Spools(dispatcher, keyspace, clock);
    this.upkeep =
        new RedisUpkeep(
            evictions, expiries, queries, () -> format.keep(keyspace.partitions()), clock);
  }

  /**
   * Connects, and lays out the database if it is new.
   *
   * @throws NadbException if no server is reached, or none that can be used
   */
  public static MarkedServer open(RedisSettings settings, TimeSource time) {
    ConnectionFigures figures = new ConnectionFigures();
    RedisFailures failures = new RedisFailures(settings, figures);
    NearCache cache = new NearCache(settings.near().orElse(0L));
    Tracking tracking =
        settings.near().isPresent() ? new Tracking(cache, failures, time, settings) : null;
    Connector connector =
        new Connector(settings, failures, time, figures, tracking == null ? null : tracking::met);
    Nodes nodes = connector.connect();
    Dispatcher dispatcher = new Dispatcher(nodes, failures, time, settings);
    try {
      ServerClock clock = new ServerClock(time);
      Evictions evictions = new Evictions(dispatcher);
      evictions.look();
      Format format = new Format(dispatcher, settings, evictions);
      Keyspace keyspace = new Keyspace(settings.db(), format.open(clock));
      RedisBackend backend =
          new RedisBackend(clock, dispatcher, keyspace, evictions, format, figures);
      if (tracking == null) {
        return backend;
      }
      tracking.start(connector, nodes, keyspace);
      Fetches fetches = new Fetches(dispatcher, keyspace, backend.entries);
      NearEntries entries = new NearEntries(fetches, clock, cache, tracking, time);
      return new NearBackend(backend, entries, cache, tracking);
    } catch (RuntimeException | Error e) {
      dispatcher.close();
      throw e;
    }
  }

  @Override
  public OptionalLong recoveredSequence() {
    return OptionalLong.empty();
  }

  @Override
  public InstantSource clock() {
    return clock;
  }

  @Override
  public int maxValueBytes() {
    return MAX_VALUE_BYTES;
  }

  @Override
  public void set(String namespace, String key, Write write, SetOptions options) {
    writes.set(namespace, key, write, options);
  }

  @Override
  public boolean delete(String namespace, String key) {
    return writes.delete(namespace, key);
  }

  @Override
  public Change.Outcome change(String namespace, String key, Change change) {
    return changes.make(namespace, key, change);
  }

  @Override
  public Commit.Seen look(Commit.Name name, boolean withValue) {
    return entries.look(name, withValue);
  }

  @Override
  public void checkTogether(Commit.Name one, Commit.Name other) {
    commits.checkTogether(one, other);
  }

  @Override
  public Optional<Commit.Name> commit(Commit commit) {
    return commits.make(commit);
  }

  @Override
  public long connections() {
    return figures.made();
  }

  @Override
  public Mark mark(String spool) {
    return spools.mark(spool);
  }

  @Override
  public Optional<Mark> forward(
      String spool, Mark expected, String opening, long sequence, List<SpooledWrite> forwarded) {
    return spools.forward(spool, expected, opening, sequence, forwarded);
  }

  @Override
  public Pipeline pipeline() {
    return new RedisPipeline(dispatcher, keyspace, entries, writes, changes);
  }

  @Override
  public void apply(Cut cut, boolean sync) {
    writes.apply(cut);
  }

  /** A server makes durable what it has as its own settings say. */
  @Override
  public void sync() {}

  @Override
  public byte @Nullable [] value(String namespace, String key, LongSupplier now) {
    return entries.value(namespace, key);
  }

  @Override
  public @Nullable StoredEntry entry(String namespace, String key) {
    return entries.entry(namespace, key);
  }

  @Override
  public @Nullable StoredValue read(String namespace, String key) {
    return entries.valueAndEntry(namespace, key);
  }

  @Override
  public BackendView view(long sequence) {
    return new LiveView(entries, listing, queries);
  }

  @Override
  public long clear(String namespace) {
    OptionalLong cleared =
        evictions.mayHaveTakenIndexes() ? OptionalLong.empty() : clearance.run(namespace);
    if (cleared.isPresent()) {
      return cleared.getAsLong();
    }
    long[] removed = new long[1];
    listing.scan(namespace, "", keys -> removed[0] += writes.removeAll(keys));
    queries.tidy(namespace);
    expiries.tidy(namespace);
    return removed[0];
  }

  @Override
  public List<StoredValue> readAll(String namespace, Collection<String> keys) {
    return entries.valuesAndEntries(namespace, keys);
  }

  @Override
  public void copyIn(String namespace, Collection<StoredValue> copied) {
    writes.restore(namespace, copied);
  }

  @Override
  public Set<String> namespaces() {
    return listing.namespaces();
  }

  @Override
  public Removal removeExpired(@Nullable String namespace) {
    return upkeep.removeExpired(namespace);
  }

  @Override
  public long maintain(Load load) {
    return Long.MAX_VALUE;
  }

  /** What the server holds is not counted: to count it, all of it would have to be looked at. */
  @Override
  public BackendStats stats() {
    return BackendStats.builder()
        .evictedKeys(evictions.count())
        .indexRebuilds(rebuild.count())
        .connectionWaits(figures.waits())
        .connectionTimeouts(figures.timeouts())
        .connectionsMade(figures.made())
        .build();
  }

  @Override
  public void close() {
    dispatcher.close();
  }
}

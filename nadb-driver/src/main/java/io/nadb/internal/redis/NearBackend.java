package io.nadb.internal.redis;

import io.nadb.SetOptions;
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
import io.nadb.spi.ForwardingBackend;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.StoredValue;
import io.nadb.spi.Write;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A database on a server, of which what was read is kept near: in this JVM, until the server tells
 * that it has changed.
 *
 * <p>Only plain reads of single entries are answered from near. What a write, a change, a
 * transaction or a query depends on is asked of the server. What this JVM writes is forgotten
 * before the write returns, however it ends, together with the places of those who are reading it:
 * so nobody reads what he knows to be over. What is in doubt and is carried out later, the server
 * tells of then.
 */
final class NearBackend extends ForwardingBackend implements MarkedServer, PipelinedBackend {
  private final RedisBackend server;
  private final NearEntries entries;
  private final NearCache cache;
  private final Tracking tracking;

  NearBackend(RedisBackend server, NearEntries entries, NearCache cache, Tracking tracking) {
    super(server);
    this.server = server;
    this.entries = entries;
    this.cache = cache;
    this.tracking = tracking;
  }

  @Override
  public byte @Nullable [] value(String namespace, String key, LongSupplier now) {
    return entries.value(namespace, key);
  }

  @Override
  public @Nullable StoredValue read(String namespace, String key) {
    return entries.read(namespace, key);
  }

  @Override
  public @Nullable StoredEntry entry(String namespace, String key) {
    return entries.entry(namespace, key);
  }

  @Override
  public BackendView view(long sequence) {
    return new NearView(server.view(sequence), entries::values);
  }

  /** Something that writes. */
  private interface Sending<T> {
    T send() throws IOException;
  }

  private <T> T forgetting(String namespace, String key, Sending<T> write) throws IOException {
    try {
      return write.send();
    } finally {
      cache.forget(namespace, key);
    }
  }

  @Override
  public void set(String namespace, String key, Write write, SetOptions options)
      throws IOException {
    forgetting(
        namespace,
        key,
        () -> {
          server.set(namespace, key, write, options);
          return true;
        });
  }

  @Override
  public boolean delete(String namespace, String key) throws IOException {
    return forgetting(namespace, key, () -> server.delete(namespace, key));
  }

  /** What was found out on the way, even if nothing was changed, is not contradicted afterwards. */
  @Override
  public Change.Outcome change(String namespace, String key, Change change) throws IOException {
    return forgetting(namespace, key, () -> server.change(namespace, key, change));
  }

  /** As {@link #change}: the next plain read is not older than this one. */
  @Override
  public Commit.Seen look(Commit.Name name, boolean withValue) throws IOException {
    return forgetting(name.namespace(), name.key(), () -> server.look(name, withValue));
  }

  @Override
  public void checkTogether(Commit.Name one, Commit.Name other) {
    server.checkTogether(one, other);
  }

  @Override
  public Optional<Commit.Name> commit(Commit commit) throws IOException {
    try {
      return server.commit(commit);
    } finally {
      forget(commit);
    }
  }

  private void forget(Commit commit) {
    commit.reads().keySet().forEach(name -> cache.forget(name.namespace(), name.key()));
    commit.writes().keySet().forEach(name -> cache.forget(name.namespace(), name.key()));
  }

  @Override
  public Mark mark(String spool) {
    return server.mark(spool);
  }

  @Override
  public long connections() {
    return server.connections();
  }

  @Override
  public Optional<Mark> forward(
      String spool, Mark expected, String opening, long sequence, List<SpooledWrite> writes) {
    try {
      return server.forward(spool, expected, opening, sequence, writes);
    } finally {
      writes.forEach(each -> cache.forget(each.namespace(), each.key()));
    }
  }

  @Override
  public Pipeline pipeline() {
    return new NearPipeline(server.pipeline(), entries, cache);
  }

  @Override
  public void apply(Cut cut, boolean sync) throws IOException {
    try {
      server.apply(cut, sync);
    } finally {
      cut.forEach((namespace, key, write) -> cache.forget(namespace, key));
    }
  }

  @Override
  public long clear(String namespace) throws IOException {
    try {
      return server.clear(namespace);
    } finally {
      cache.clear();
    }
  }

  @Override
  public List<StoredValue> readAll(String namespace, Collection<String> keys) throws IOException {
    return server.readAll(namespace, keys);
  }

  @Override
  public void copyIn(String namespace, Collection<StoredValue> copied) throws IOException {
    try {
      server.copyIn(namespace, copied);
    } finally {
      copied.forEach(each -> cache.forget(namespace, each.entry().key()));
    }
  }

  @Override
  public Removal removeExpired(@Nullable String namespace) throws IOException {
    return server.removeExpired(namespace);
  }

  @Override
  public InstantSource clock() {
    return server.clock();
  }

  @Override
  public BackendStats stats() {
    BackendStats of = server.stats();
    return BackendStats.builder()
        .evictedKeys(of.evictedKeys())
        .indexRebuilds(of.indexRebuilds())
        .connectionWaits(of.connectionWaits())
        .connectionTimeouts(of.connectionTimeouts())
        .connectionsMade(of.connectionsMade())
        .nearHits(entries.hits())
        .nearMisses(entries.misses())
        .nearEvictions(cache.evictions())
        .nearInvalidations(tracking.invalidations())
        .nearLosses(tracking.losses())
        .nearBytes(cache.bytes())
        .nearLag(tracking.lag())
        .nearFailure(tracking.failure())
        .build();
  }

  @Override
  public void close() throws IOException {
    tracking.close();
    super.close();
  }
}

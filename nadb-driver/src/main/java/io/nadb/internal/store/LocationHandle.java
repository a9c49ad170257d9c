package io.nadb.internal.store;

import io.nadb.Entry;
import io.nadb.KeyValueStore;
import io.nadb.Snapshot;
import io.nadb.StoreCapability;
import io.nadb.StoreStats;
import io.nadb.spi.BackupSource;
import io.nadb.spi.ChangeSource;
import io.nadb.spi.CompactableStore;
import io.nadb.spi.CompactionFigures;
import io.nadb.spi.CopyableStore;
import io.nadb.spi.PinnedFiles;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a user's handle offers of the whole location, whichever namespace it is of. */
abstract class LocationHandle
    implements KeyValueStore, BackupSource, ChangeSource, CompactableStore, CopyableStore {
  private final Engine engine;
  private final String url;
  private final AtomicBoolean closed = new AtomicBoolean();

  LocationHandle(Engine engine, String url) {
    this.engine = engine;
    this.url = url;
  }

  /** Closes the handle; returns whether it was open. */
  final boolean end() {
    return closed.compareAndSet(false, true);
  }

  final boolean isClosed() {
    return closed.get();
  }

  /** The engine, be this closed. */
  final Engine engine() {
    return engine;
  }

  @Override
  public final void flush() {
    open().flush();
  }

  @Override
  public final PinnedFiles pinFiles() {
    return open().files().pin();
  }

  @Override
  public final CompactionFigures compact(Consumer<CompactionFigures> progress)
      throws InterruptedException {
    return open().files().compact(Objects.requireNonNull(progress, "progress"));
  }

  @Override
  public final Set<String> namespaces() {
    return open().transfer().namespaces();
  }

  @Override
  public final Instant now() {
    return open().transfer().now();
  }

  @Override
  public final List<Entry> copyOut(String name, Collection<String> keys) {
    return open().transfer().copyOut(name, keys);
  }

  @Override
  public final void copyIn(String name, Collection<Entry> entries) {
    Limits.checkNamespace(name);
    open().transfer().copyIn(name, entries);
  }

  @Override
  public final String changesFromNow() {
    return open().changes().fromNow();
  }

  @Override
  public final String changesAfter(Snapshot snapshot) {
    return open().changes().after(snapshot.sequence());
  }

  @Override
  public final long refresh() {
    return open().refresh();
  }

  @Override
  public final Set<StoreCapability> capabilities() {
    return engine.capabilities();
  }

  @Override
  public final long durableSequence() {
    return open().durableSequence();
  }

  @Override
  public final boolean awaitDurable(long sequence, Duration timeout) throws InterruptedException {
    Objects.requireNonNull(timeout, "timeout");
    Limits.checkSequence(sequence);
    return open().awaitDurable(sequence, timeout);
  }

  @Override
  public final CompletableFuture<@Nullable Void> whenDurable(long sequence) {
    Limits.checkSequence(sequence);
    return closed.get() ? CompletableFuture.failedFuture(ended()) : engine.whenDurable(sequence);
  }

  @Override
  public final StoreStats stats() {
    return engine.stats();
  }

  @Override
  public final String name() {
    return engine.name();
  }

  @Override
  public final String url() {
    return url;
  }

  @Override
  public final String toString() {
    return "KeyValueStore[" + url + "]";
  }

  final Engine open() {
    if (closed.get()) {
      throw ended();
    }
    return engine;
  }

  private IllegalStateException ended() {
    return new IllegalStateException("store is closed: " + engine.name() + " (close was called)");
  }
}

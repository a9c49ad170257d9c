package io.nadb.internal.log;

import io.nadb.KeyVersion;
import io.nadb.TimeSource;
import io.nadb.internal.jfr.Recordings;
import io.nadb.internal.jfr.Span;
import io.nadb.internal.lock.DirectoryLock;
import io.nadb.internal.lock.OwnedIo;
import io.nadb.internal.log.append.ActiveSegment;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.maintenance.Compactor;
import io.nadb.internal.log.maintenance.HintWriter;
import io.nadb.internal.log.maintenance.Projection;
import io.nadb.internal.log.maintenance.UnreadGarbage;
import io.nadb.internal.log.query.Queries;
import io.nadb.internal.log.recovery.DirectoryNames;
import io.nadb.internal.log.recovery.Recovery;
import io.nadb.internal.log.segment.ContentSource;
import io.nadb.internal.log.segment.HintFile;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.internal.log.segment.WitnessFile;
import io.nadb.internal.metadata.KeyValueMetadata;
import io.nadb.spi.BackendStats;
import io.nadb.spi.BackendView;
import io.nadb.spi.CompactionRequest;
import io.nadb.spi.Cut;
import io.nadb.spi.CutLog;
import io.nadb.spi.ExpiredKey;
import io.nadb.spi.LocationLostException;
import io.nadb.spi.PastView;
import io.nadb.spi.PinnedFiles;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StorageIo;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.StoredValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The fs engine: an append-only log that is the truth, an index and other lists in memory over it,
 * and a metadata database, for SQL tools, that follows it.
 *
 * <pre>
 *   nadb.lock, nadb.owner        who has the directory open
 *   log/NNNNNNNNNN.seg           the log: {@link SegmentFormat}
 *   log/nadb.lineage             which segments it has: {@link WitnessFile}
 *   log/NNNNNNNNNN.hint          disposable: {@link HintFile}
 *   metadata.db                  disposable: {@link KeyValueMetadata}
 * </pre>
 */
public final class LogBackend implements StorageBackend {
  private final DirectoryLock directoryLock;
  private final OwnedIo io;
  private final TimeSource time;
  private final SegmentSet state;
  private final LogAnswers answers;
  private final Queries queries;
  private final ActiveSegment log;
  private final Projection projection;
  private final Compactor compactor;
  private final LogUpkeep upkeep;
  private final long recoveredSequence;
  private final @Nullable HistoryFigures history;
  private final AtomicBoolean closed = new AtomicBoolean();

  private LogBackend(
      DirectoryLock directoryLock,
      Path directory,
      OwnedIo io,
      TimeSource time,
      LogSettings settings,
      Recovery.Recovered recovered)
      throws IOException {
    this.directoryLock = directoryLock;
    this.io = io;
    this.time = time;
    this.state = recovered.state();
    this.recoveredSequence = recovered.end().sequence();
    this.history = settings.history() == null ? null : new HistoryFigures(state);
    this.queries = new Queries(state);
    this.answers = new LogAnswers(state, queries);
    this.log = new ActiveSegment(state, io, time, settings, queries, recovered.end());
    if (!directoryLock.isCertain()) {
      log.roll(); // Somebody else may still have the last segment open.
    }
    this.projection =
        new Projection(
            state, log, time, settings.metadata() ? directory.resolve("metadata.db") : null);
    this.compactor = new Compactor(state, log, projection, queries, io, settings);
    HintWriter hints = new HintWriter(state, log, io);
    this.upkeep = new LogUpkeep(state, log, queries, projection, hints, compactor, history, time);
  }

  /**
   * Opens a directory, which must exist, and recovers what is in it.
   *
   * @throws io.nadb.StoreLockedException if somebody else has it open
   * @throws io.nadb.CorruptStoreException if a file is damaged
   */
  public static LogBackend open(Path directory, LogSettings settings, StorageIo io, TimeSource time)
      throws IOException {
    return open(directory, settings, io, time, new SecureRandom());
  }

  /** As above, with a source for the ids of the log and of its files. */
  static LogBackend open(
      Path directory, LogSettings settings, StorageIo io, TimeSource time, RandomGenerator random)
      throws IOException {
    settings.codec().checkAvailable();
    LogFiles.refuseBackup(directory);
    Span span = Recordings.recovery();
    DirectoryLock lock = DirectoryLock.acquire(directory, time.now());
    try {
      OwnedIo owned = new OwnedIo(io, lock);
      Path logDirectory = directory.resolve("log");
      if (Files.notExists(logDirectory)) {
        owned.createDirectory(logDirectory);
      }
      Recovery.Recovered recovered =
          Recovery.open(logDirectory, owned, new ContentSource(settings.memoryBytes()), random);
      try {
        if (recovered.end().segment() == null) {
          DirectoryNames.sync(logDirectory, owned);
        }
        LogBackend opened = new LogBackend(lock, directory, owned, time, settings, recovered);
        if (recovered.isOfVersion1()) {
          opened.log.beginNext();
        }
        opened.record(span);
        return opened;
      } catch (Throwable e) {
        recovered.state().closeContents();
        throw e;
      }
    } catch (InternalError e) {
      try (lock) {
        throw UnreadablePage.in(directory, e);
      }
    } catch (Throwable e) {
      try (lock) {
        throw e;
      }
    }
  }

  private void record(Span span) {
    BackendStats found = stats();
    span.recovered(
        String.valueOf(state.directory().getParent()),
        state.segments().size(),
        found.totalBytes(),
        found.keys(),
        recoveredSequence);
  }

  @Override
  public OptionalLong recoveredSequence() {
    return OptionalLong.of(recoveredSequence);
  }

  @Override
  public boolean takesTouches() {
    return true;
  }

  @Override
  public void apply(Cut cut, boolean sync) throws IOException {
    int ticket = enter(); // A predecessor's TTL may have to be read.
    try {
      log.append(cut, sync);
    } finally {
      state.gate().exit(ticket);
    }
  }

  @Override
  public void sync() throws IOException {
    log.sync();
  }

  @Override
  public void checkLocation() throws IOException {
    io.check();
  }

  @Override
  public byte @Nullable [] value(String namespace, String key, LongSupplier now)
      throws IOException {
    int ticket = enter();
    try {
      return answers.value(namespace, key, now);
    } finally {
      state.gate().exit(ticket);
    }
  }

  @Override
  public @Nullable StoredEntry entry(String namespace, String key) throws IOException {
    int ticket = enter();
    try {
      return answers.entry(namespace, key);
    } finally {
      state.gate().exit(ticket);
    }
  }

  @Override
  public @Nullable StoredValue read(String namespace, String key) throws IOException {
    int ticket = enter();
    try {
      return answers.read(namespace, key);
    } finally {
      state.gate().exit(ticket);
    }
  }

  @Override
  public BackendView view(long sequence) {
    int ticket = enter();
    try {
      return answers.view(sequence, ticket);
    } catch (Throwable e) {
      state.gate().exit(ticket);
      throw e;
    }
  }

  @Override
  public boolean hasHistory() {
    return history != null;
  }

  @Override
  public PastView viewAt(long wanted) throws IOException {
    return new PastLog(state, enter()).view(wanted, log.now());
  }

  @Override
  public List<KeyVersion> versions(String namespace, String key, int limit) throws IOException {
    return new PastLog(state, enter()).versions(namespace, key, limit);
  }

  @Override
  public Set<String> namespaces() {
    return ask(answers::namespaces);
  }

  @Override
  public PinnedFiles pinFiles() throws IOException {
    int ticket = enter();
    try {
      return new PinnedLog(state, ticket, log.roll(), time.now());
    } catch (Throwable e) {
      state.gate().exit(ticket);
      throw e;
    }
  }

  @Override
  public boolean hasFiles() {
    return true;
  }

  @Override
  public CompactionRequest compact() throws IOException {
    int ticket = enter();
    try {
      io.check();
      return compactor.request(time::nanoTime);
    } finally {
      state.gate().exit(ticket);
    }
  }

  @Override
  public Optional<CutLog> cuts() {
    return Optional.of(new LogCuts(() -> new LogVisit(state, enter())));
  }

  @Override
  public List<ExpiredKey> expired(@Nullable String namespace, long now, int limit) {
    return state.index().hasExpiring()
        ? ask(() -> queries.secondary().expired(namespace, now, limit))
        : List.of();
  }

  @Override
  public long earliestExpiry() {
    return state.index().hasExpiring() ? queries.secondary().earliestExpiry() : Long.MAX_VALUE;
  }

  @Override
  public Progress prepareExpired() {
    return state.index().hasExpiring() ? ask(() -> queries.secondary().prepare()) : Progress.READY;
  }

  @Override
  public void prepareQueries() {
    ask(answers::prepareQueries);
  }

  private <T> T ask(Supplier<T> question) {
    int ticket = enter();
    try {
      return question.get();
    } catch (InternalError e) {
      throw UnreadablePage.in(state, e);
    } finally {
      state.gate().exit(ticket);
    }
  }

  @Override
  public long maintain(Load load) throws IOException {
    boolean more = state.retirement().step(); // First: whoever is inside keeps it from going on.
    int ticket = enter();
    try {
      return upkeep.step(load, this::isOwned, more);
    } catch (InternalError e) {
      throw UnreadablePage.in(state, e);
    } finally {
      state.gate().exit(ticket);
    }
  }

  @Override
  public boolean isInMemory() {
    return !state.contents().isByPosition();
  }

  @Override
  public BackendStats stats() {
    HistoryFigures past = history;
    return BackendStats.builder()
        .historyAge(past == null ? Duration.ZERO : past.age(log.now()))
        .historyBytes(past == null ? 0 : past.bytes())
        .keys(state.index().size())
        .liveBytes(state.liveBytes())
        .totalBytes(state.totalBytes())
        .retainedBytes(state.retainedBytes())
        .feedBytes(past == null ? UnreadGarbage.bytes(state, log.lastSegment()) : 0)
        .compactions(compactor.count())
        .metadataLag(projection.lag())
        .metadataFailure(projection.failure())
        .build();
  }

  @Override
  public void close() throws IOException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    boolean unread = state.gate().awaitEmpty();
    if (!isOwned()) {
      projection.stop();
    }
    try (directoryLock;
        projection) {
      upkeep.close();
    } finally {
      if (unread) {
        state.closeContents();
      }
    }
  }

  /** Whether SQLite, which goes by paths, may do so; the next flush tells if not. */
  private boolean isOwned() {
    try {
      directoryLock.check();
      return true;
    } catch (LocationLostException e) {
      return false;
    }
  }

  /** Comes in for reading; a store that is closing lets nobody in. */
  private int enter() {
    int ticket = state.gate().enter();
    if (closed.get()) {
      state.gate().exit(ticket);
      throw new IllegalStateException("store is closed: " + state.directory().getParent());
    }
    return ticket;
  }
}

package io.nadb.internal.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.KeyVersion;
import io.nadb.TimeSource;
import io.nadb.internal.jfr.Recordings;
import io.nadb.internal.jfr.Span;
import io.nadb.internal.log.append.LogEnd;
import io.nadb.internal.log.query.Queries;
import io.nadb.internal.log.recovery.LiveRecovery;
import io.nadb.internal.log.recovery.Recovery;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.BackendStats;
import io.nadb.spi.BackendView;
import io.nadb.spi.Cut;
import io.nadb.spi.CutLog;
import io.nadb.spi.ExpiredKey;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A log that is only read, as it was when it was opened or refreshed last, whoever writes to it
 * meanwhile. Nothing in the directory is created, changed or locked.
 *
 * <p>Its files stay open, and so readable, when their owner compacts them away. A refresh opens
 * those that count by then, and what was shown before is closed when its readers have left.
 */
public final class ReadOnlyLog implements StorageBackend {
  private static final long PAUSE_NANOS = 1_000_000_000;

  private final Path directory;
  private final long memoryBytes;
  private final StorageIo io;
  private final TimeSource time;
  private volatile Shown shown;

  /** What was shown before, and may still have readers. */
  @GuardedBy("this")
  private final List<Shown> former = new ArrayList<>();

  private volatile boolean closed;

  private ReadOnlyLog(
      Path directory, long memoryBytes, StorageIo io, TimeSource time, Shown shown) {
    this.directory = directory;
    this.memoryBytes = memoryBytes;
    this.io = io;
    this.time = time;
    this.shown = shown;
  }

  /** What is shown of the log. */
  private static final class Shown {
    private final SegmentSet state;
    private final Queries queries;
    private final LogAnswers answers;
    private final LogEnd end;

    /** Whether nobody may come in any more. */
    private volatile boolean left;

    Shown(Recovery.Recovered recovered) {
      this.state = recovered.state();
      this.queries = new Queries(state);
      this.answers = new LogAnswers(state, queries);
      this.end = recovered.end();
    }

    /** Comes in by the gate; -1 if it is too late for that. */
    int enter() {
      int ticket = state.gate().enter();
      if (left) {
        state.gate().exit(ticket);
        return -1;
      }
      return ticket;
    }

    /** Closes it if all have left. */
    boolean close() {
      if (state.gate().isEmpty()) {
        state.closeContents();
        return true;
      }
      return false;
    }
  }

  /**
   * Opens a directory, which must have a store.
   *
   * @param memoryBytes how much of the log the store counts on having in memory
   * @throws io.nadb.CorruptStoreException if a file is damaged
   */
  public static ReadOnlyLog open(Path directory, long memoryBytes, StorageIo io, TimeSource time)
      throws IOException {
    Span span = Recordings.recovery();
    Shown shown = look(directory, memoryBytes, io);
    ReadOnlyLog log = new ReadOnlyLog(directory, memoryBytes, io, time, shown);
    BackendStats found = log.stats();
    span.recovered(
        directory.toString(),
        shown.state.segments().size(),
        found.totalBytes(),
        found.keys(),
        shown.end.sequence());
    return log;
  }

  private static Shown look(Path directory, long memoryBytes, StorageIo io) throws IOException {
    Path logDirectory = directory.resolve("log");
    if (!Files.isDirectory(logDirectory)) {
      throw new IOException(
          "there is no store in "
              + directory
              + ": it has no directory 'log'. access=read creates nothing; who writes has to open"
              + " it first");
    }
    try {
      return new Shown(LiveRecovery.open(logDirectory, io, memoryBytes, new SecureRandom()));
    } catch (InternalError e) {
      throw UnreadablePage.in(directory, e);
    }
  }

  @Override
  public boolean isReadOnly() {
    return true;
  }

  @Override
  public OptionalLong recoveredSequence() {
    return OptionalLong.of(shown.end.sequence());
  }

  @Override
  public synchronized void refresh(Publisher publisher) throws IOException {
    checkOpen();
    Shown before = shown;
    Shown next = look(directory, memoryBytes, io);
    boolean begun = !before.state.segments().isEmpty(); // Until then it has no lineage.
    if ((begun && !next.state.id().equals(before.state.id()))
        || next.end.sequence() < before.end.sequence()) {
      next.close();
      throw new IOException(
          directory
              + " is not the store any more that was opened there: another one, or an earlier copy,"
              + " has been put in its place. Close this store and open it again");
    }
    publisher.publish(next.end.sequence(), () -> shown = next);
    before.left = true;
    former.add(before);
  }

  @Override
  public void apply(Cut cut, boolean sync) {
    throw new UnsupportedOperationException(directory + " is open for reading only");
  }

  @Override
  public void sync() {}

  @Override
  public byte @Nullable [] value(String namespace, String key, LongSupplier now)
      throws IOException {
    try (Visit visit = enter()) {
      return visit.shown.answers.value(namespace, key, now);
    }
  }

  @Override
  public @Nullable StoredEntry entry(String namespace, String key) {
    try (Visit visit = enter()) {
      return visit.shown.answers.entry(namespace, key);
    }
  }

  @Override
  public @Nullable StoredValue read(String namespace, String key) throws IOException {
    try (Visit visit = enter()) {
      return visit.shown.answers.read(namespace, key);
    }
  }

  /** Somebody who has come in by the gate of what is shown, and leaves by it. */
  private record Visit(Shown shown, int ticket) implements AutoCloseable {

    @Override
    public void close() {
      shown.state.gate().exit(ticket);
    }
  }

  private Visit enter() {
    while (true) {
      Shown current = shown;
      int ticket = current.enter();
      if (ticket >= 0) {
        return new Visit(current, ticket);
      }
      checkOpen();
    }
  }

  @Override
  public BackendView view(long sequence) {
    Visit visit = enter();
    try {
      return visit.shown.answers.view(sequence, visit.ticket);
    } catch (Throwable e) {
      visit.close();
      throw e;
    }
  }

  /** As far back as the owner's compaction has left it whole. */
  @Override
  public boolean hasHistory() {
    return true;
  }

  @Override
  public PastView viewAt(long wanted) throws IOException {
    return past().view(wanted, time.now().toEpochMilli());
  }

  @Override
  public List<KeyVersion> versions(String namespace, String key, int limit) throws IOException {
    return past().versions(namespace, key, limit);
  }

  private PastLog past() {
    Visit visit = enter();
    return new PastLog(visit.shown.state, visit.ticket);
  }

  @Override
  public Set<String> namespaces() {
    try (Visit visit = enter()) {
      return visit.shown.answers.namespaces();
    }
  }

  @Override
  public boolean hasFiles() {
    return true;
  }

  @Override
  public PinnedFiles pinFiles() {
    Visit visit = enter();
    try {
      return new PinnedLog(visit.shown.state, visit.ticket, visit.shown.end, time.now());
    } catch (Throwable e) {
      visit.close();
      throw e;
    }
  }

  @Override
  public Optional<CutLog> cuts() {
    return Optional.of(new LogCuts(this::enterLog));
  }

  private LogVisit enterLog() {
    Visit visit = enter();
    return new LogVisit(visit.shown.state, visit.ticket);
  }

  /** Nothing is removed here, so nothing has to be known of what has expired. */
  @Override
  public List<ExpiredKey> expired(@Nullable String namespace, long now, int limit) {
    return List.of();
  }

  @Override
  public long earliestExpiry() {
    return Long.MAX_VALUE;
  }

  @Override
  public void prepareQueries() {
    try (Visit visit = enter()) {
      visit.shown.answers.prepareQueries();
    }
  }

  @Override
  public long maintain(Load load) {
    boolean waits = closeFormer();
    try (Visit visit = enter()) {
      if (visit.shown.queries.maintain(load != Load.BUSY)) {
        return AT_ONCE;
      }
    } catch (InternalError e) {
      throw UnreadablePage.in(directory, e);
    }
    return waits ? time.nanoTime() + PAUSE_NANOS : Long.MAX_VALUE;
  }

  /** Closes what nobody reads any more; returns whether there is a rest. */
  private synchronized boolean closeFormer() {
    former.removeIf(Shown::close);
    return !former.isEmpty();
  }

  @Override
  public BackendStats stats() {
    SegmentSet state = shown.state;
    return BackendStats.builder()
        .keys(state.index().size())
        .liveBytes(state.liveBytes())
        .totalBytes(state.totalBytes())
        .build();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    shown.left = true;
    former.add(shown);
    former.forEach(each -> each.state.gate().awaitEmpty());
    former.removeIf(Shown::close); // A rest, whose readers are stuck, is left to the collector.
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("store is closed: " + directory);
    }
  }
}

package io.nadb.internal.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.TimeSource;
import io.nadb.internal.jfr.Recordings;
import io.nadb.internal.jfr.Span;
import io.nadb.internal.log.query.Queries;
import io.nadb.internal.log.recovery.LiveRecovery;
import io.nadb.internal.log.recovery.Recovery;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.BackendStats;
import io.nadb.spi.BackendView;
import io.nadb.spi.Cut;
import io.nadb.spi.ExpiredKey;
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
import java.util.OptionalLong;
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
    private final long sequence;

    /** Whether nobody may come in any more. */
    private volatile boolean left;

    Shown(Recovery.Recovered recovered) {
      this.state = recovered.state();
      this.queries = new Queries(state);
      this.answers = new LogAnswers(state, queries);
      this.sequence = recovered.end().sequence();
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
        shown.sequence);
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
    return OptionalLong.of(shown.sequence);
  }

  @Override
  public synchronized void refresh(Publisher publisher) throws IOException {
    checkOpen();
    Shown before = shown;
    Shown next = look(directory, memoryBytes, io);
    boolean begun = !before.state.segments().isEmpty(); // Until then it has no lineage.
    if ((begun && !next.state.id().equals(before.state.id())) || next.sequence < before.sequence) {
      next.close();
      throw new IOException(
          directory
              + " is not the store any more that was opened there: another one, or an earlier copy,"
              + " has been put in its place. Close this store and open it again");
    }
    publisher.publish(next.sequence, () -> shown = next);
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
    return ask(answers -> answers.value(namespace, key, now));
  }

  @Override
  public @Nullable StoredEntry entry(String namespace, String key) throws IOException {
    return ask(answers -> answers.entry(namespace, key));
  }

  @Override
  public @Nullable StoredValue read(String namespace, String key) throws IOException {
    return ask(answers -> answers.read(namespace, key));
  }

  /** Something that is asked of a log. */
  private interface Question<T extends @Nullable Object> {
    T ask(LogAnswers answers) throws IOException;
  }

  private <T extends @Nullable Object> T ask(Question<T> question) throws IOException {
    while (true) {
      Shown current = shown;
      int ticket = current.enter();
      if (ticket >= 0) {
        try {
          return question.ask(current.answers);
        } finally {
          current.state.gate().exit(ticket);
        }
      }
      checkOpen();
    }
  }

  @Override
  public BackendView view(long sequence) {
    while (true) {
      Shown current = shown;
      int ticket = current.enter();
      if (ticket >= 0) {
        try {
          return current.answers.view(sequence, ticket);
        } catch (Throwable e) {
          current.state.gate().exit(ticket);
          throw e;
        }
      }
      checkOpen();
    }
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
  public void prepareQueries() throws IOException {
    ask(
        answers -> {
          answers.prepareQueries();
          return true;
        });
  }

  @Override
  public long maintain(Load load) {
    boolean waits = closeFormer();
    Shown current = shown;
    int ticket = current.enter();
    if (ticket < 0) {
      return Long.MAX_VALUE;
    }
    try {
      if (current.queries.maintain(load != Load.BUSY)) {
        return AT_ONCE;
      }
    } catch (InternalError e) {
      throw UnreadablePage.in(current.state, e);
    } finally {
      current.state.gate().exit(ticket);
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

package io.nadb.internal.metadata;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.spi.ExpiredKey;
import io.nadb.spi.StoredEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The SQLite projection of the log: what is known of each entry, with its tags, up to a position in
 * the log.
 *
 * <p><b>Disposable.</b> All of it comes from the log, so whatever is wrong with the file is cured
 * by beginning anew: silently in {@link #open}; in a later call with a {@link
 * MetadataLostException}, whereupon the caller applies the log from {@link #applied()} on and asks
 * again.
 *
 * <p><b>Failure.</b> Any other trouble with the disk is an {@link IOException} that names the file.
 * Nothing of the failed call has happened, and the next call works if the disk does: the connection
 * is thrown away after every failure and a new one opened.
 *
 * <p><b>Threads.</b> Any number. One connection serves them all, under one lock, for the length of
 * one statement or transaction; no foreign code runs under the lock. It is fair, as the thread that
 * rebuilds takes it again and again. Other processes may read the file with any SQLite tool; one
 * that holds a write transaction makes {@link #apply} wait for up to ten seconds, and fail then.
 */
public final class KeyValueMetadata implements AutoCloseable {
  private final Path file;
  private final String storeId;
  private final ReentrantLock lock = new ReentrantLock(true);

  /** Null after a failure: whoever comes next opens another. */
  @GuardedBy("lock")
  private @Nullable Session session;

  /** How often the file was begun anew. */
  @GuardedBy("lock")
  private long generation;

  @GuardedBy("lock")
  private boolean closed;

  /** Written under the lock. */
  private volatile Position applied;

  private KeyValueMetadata(Path file, String storeId, Session session) {
    this.file = file;
    this.storeId = storeId;
    this.session = session;
    this.applied = session.position();
  }

  /**
   * Opens or creates the file. One that is damaged, of another store or of another format is
   * deleted and begun anew; {@link #applied()} is then {@link Position#NONE}.
   */
  public static KeyValueMetadata open(Path file, String storeId) throws IOException {
    Path absolute = file.toAbsolutePath();
    return new KeyValueMetadata(absolute, storeId, Session.open(absolute, storeId));
  }

  /** How far the projection has come. Waits for nothing. */
  public Position applied() {
    return applied;
  }

  /**
   * Applies changes, in order, and advances to {@code upTo}: all of it or nothing. Applying again
   * what was applied before changes nothing.
   */
  public void apply(List<Change> changes, Position upTo) throws IOException {
    List<Change> copy = List.copyOf(changes);
    call(
        current -> {
          current.writer().apply(copy, upTo);
          applied = upTo;
          return upTo;
        });
  }

  /** Forgets everything: {@link #applied()} is {@link Position#NONE} afterwards. */
  public void reset() throws IOException {
    lock.lock();
    try {
      requireOpen();
      closeSession(Session::close);
      Database.delete(file);
      openSession();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives all entries whose key begins with {@code prefix} to {@code each}, in key order (that of
   * the code points), expired ones included.
   *
   * <p>They are read in portions, and {@code each} is called between them and without any lock. It
   * sees each entry that is there throughout exactly once; one that is put or removed meanwhile, it
   * may or may not see. It has seen a part of them when this throws.
   */
  public void scan(String namespace, String prefix, Consumer<StoredEntry> each) throws IOException {
    long start = generation();
    KeyRange range = KeyRange.of(prefix);
    while (!range.isEmpty()) {
      List<StoredEntry> page = page(namespace, range, start);
      if (page.isEmpty()) {
        return;
      }
      page.forEach(each);
      range = range.after(page.get(page.size() - 1).key());
    }
  }

  /**
   * Returns the entries that have all of {@code tags}, in key order, expired ones included.
   *
   * @throws IllegalArgumentException if {@code tags} is empty
   */
  public List<StoredEntry> tagged(String namespace, Set<String> tags) throws IOException {
    if (tags.isEmpty()) {
      throw new IllegalArgumentException("no tags given; at least one is needed");
    }
    return call(current -> current.reader().tagged(namespace, tags));
  }

  /**
   * Returns for each tag how many entries have it that are not gone at {@code now}; none with 0.
   */
  public SortedMap<String, Long> tagCounts(String namespace, long now) throws IOException {
    return call(current -> current.reader().tagCounts(namespace, now));
  }

  /**
   * Returns keys of entries that are gone at {@code now}, the earliest first.
   *
   * @param namespace the namespace, or null for all
   * @param limit how many at most
   */
  public List<ExpiredKey> expired(@Nullable String namespace, long now, int limit)
      throws IOException {
    if (limit < 0) {
      throw new IllegalArgumentException("limit " + limit + " is negative");
    }
    return call(current -> current.reader().expired(namespace, now, limit));
  }

  /** Writes everything back into the one file and closes it. Does nothing the second time. */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      closeSession(Session::closeCleanly);
    } finally {
      lock.unlock();
    }
  }

  private long generation() {
    lock.lock();
    try {
      return generation;
    } finally {
      lock.unlock();
    }
  }

  /** The next portion of a scan, unless the file it began with is gone. */
  private List<StoredEntry> page(String namespace, KeyRange range, long expectedGeneration)
      throws IOException {
    lock.lock();
    try {
      requireOpen();
      if (generation != expectedGeneration) {
        throw new MetadataLostException(file, null);
      }
      return call(current -> current.reader().page(namespace, range));
    } finally {
      lock.unlock();
    }
  }

  private <T> T call(Action<T> action) throws IOException {
    lock.lock();
    try {
      requireOpen();
      Session current = currentSession();
      try {
        return action.run(current);
      } catch (SQLException e) {
        discardSession(current, e);
        throw explain(e);
      } catch (RuntimeException | Error e) {
        discardSession(current, e);
        throw e;
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Session currentSession() throws IOException {
    Session current = session;
    if (current == null) {
      Position before = applied;
      current = openSession();
      if (isLost(current, before)) {
        throw new MetadataLostException(file, null);
      }
    }
    return current;
  }

  /** What the caller is told. Begins anew if that is the cure. */
  @GuardedBy("lock")
  private IOException explain(SQLException failure) {
    boolean corrupt = Database.isCorruption(failure, file);
    try {
      if (corrupt) {
        Database.delete(file);
      }
      if (corrupt || Database.isSqlError(failure)) {
        Position before = applied;
        if (isLost(openSession(), before)) {
          return new MetadataLostException(file, failure);
        }
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return new IOException(file + ": " + failure.getMessage(), failure);
  }

  @GuardedBy("lock")
  private Session openSession() throws IOException {
    Session opened = Session.open(file, storeId);
    session = opened;
    applied = opened.position();
    if (opened.begunAnew()) {
      generation++;
    }
    return opened;
  }

  private static boolean isLost(Session opened, Position before) {
    return opened.begunAnew() || !opened.position().equals(before);
  }

  @GuardedBy("lock")
  private void discardSession(Session current, Throwable failure) {
    session = null;
    current.discard(failure);
  }

  @GuardedBy("lock")
  private void closeSession(Closing closing) throws IOException {
    Session current = session;
    session = null;
    if (current != null) {
      try {
        closing.close(current);
      } catch (SQLException e) {
        throw new IOException(file + ": " + e.getMessage(), e);
      }
    }
  }

  @GuardedBy("lock")
  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the metadata database is closed: " + file);
    }
  }

  /** Something to do with the connection, under the lock. */
  private interface Action<T> {
    T run(Session current) throws SQLException;
  }

  /** A way to close a connection. */
  private interface Closing {
    void close(Session current) throws SQLException;
  }
}

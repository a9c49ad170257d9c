package io.nadb.internal.spool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.NadbConnectionException;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.TimeSource;
import io.nadb.internal.lock.DirectoryLock;
import io.nadb.internal.lock.OwnedIo;
import io.nadb.internal.report.Logbook;
import io.nadb.spi.Change;
import io.nadb.spi.Commit;
import io.nadb.spi.Cut;
import io.nadb.spi.DirectBackend;
import io.nadb.spi.ForwardingBackend;
import io.nadb.spi.Journal;
import io.nadb.spi.StorageIo;
import io.nadb.spi.StoredValue;
import io.nadb.spi.Write;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A server with a spool in front of it: a directory whose journal has each write until the server
 * does.
 *
 * <pre>
 *   nadb.lock, nadb.owner     who has the directory open
 *   nadb.spool                its id, and which database it is for: {@link SpoolIdentity}
 *   NNNNNNNNNN.journal        what has been written: {@link JournalRecord}
 * </pre>
 */
public final class SpooledBackend extends ForwardingBackend implements DirectBackend {
  private static final Logbook LOG = Logbook.of(SpooledBackend.class);

  private final DirectoryLock lock;
  private final MarkedServer server;
  private final Forwarding forwarding;
  private final SpoolJournal journal;
  private final long recoveredSequence;

  /** Held by who sends; whoever comes under the lock of a flush takes this one after it. */
  private final ReentrantLock sending = new ReentrantLock();

  /** How many connections there had been when the server was last known to lack nothing. */
  @GuardedBy("sending")
  private long checkedConnections;

  private SpooledBackend(
      DirectoryLock lock, MarkedServer server, Forwarding forwarding, SpoolJournal journal) {
    super(server);
    this.lock = lock;
    this.server = server;
    this.forwarding = forwarding;
    this.journal = journal;
    this.recoveredSequence = forwarding.forwarded();
  }

  /**
   * Opens a directory, which must exist, and sends what waits there to the server.
   *
   * @param database where the server is, and which of its databases it is, without credentials
   * @param syncs whether writes are on disk before they return
   * @param connecting opens the server
   * @throws io.nadb.StoreLockedException if somebody else has the directory open
   * @throws io.nadb.CorruptStoreException if a file is damaged
   * @throws NadbException if the server is not reached, or if what waits is for another one
   */
  public static SpooledBackend open(
      Path directory,
      String database,
      boolean syncs,
      StorageIo io,
      TimeSource time,
      Supplier<MarkedServer> connecting)
      throws IOException {
    DirectoryLock lock = DirectoryLock.acquire(directory, time.now());
    try {
      OwnedIo owned = new OwnedIo(io, lock);
      Optional<SpoolIdentity> found = SpoolIdentity.read(directory);
      long waiting = new JournalReader(directory).count();
      MarkedServer server = connect(connecting, directory, waiting);
      try {
        SpoolIdentity identity = identity(found, directory, database, waiting, server);
        if (!found.equals(Optional.of(identity))) {
          identity.write(directory, owned);
        }
        Forwarding forwarding = Forwarding.begin(directory, server, identity);
        Remainder.Source left =
            (after, last) -> new JournalReader(directory).remainder(after, last);
        long reached =
            new JournalReader(directory)
                .read(
                    forwarding.forwarded(),
                    forwarding.isMarked(),
                    (writes, sequence) -> forwarding.send(writes, sequence, left));
        forwarding.send(List.of(), reached, left);
        if (waiting > 0) {
          LOG.log(Level.INFO, "{0} has what waited in the spool {1}", database, directory);
        }
        return new SpooledBackend(
            lock, server, forwarding, new SpoolJournal(directory, owned, syncs, reached));
      } catch (Throwable e) {
        try (server) {
          throw e;
        }
      }
    } catch (Throwable e) {
      try (lock) {
        throw e;
      }
    }
  }

  private static MarkedServer connect(
      Supplier<MarkedServer> connecting, Path directory, long waiting) {
    try {
      return connecting.get();
    } catch (NadbException e) {
      if (waiting == 0) {
        throw e;
      }
      String text =
          e.getMessage()
              + "; "
              + count(waiting)
              + (waiting == 1 ? " waits" : " wait")
              + " in the spool "
              + directory
              + " until the store can be opened, unless the server has them already";
      throw e instanceof NadbConnectionException
          ? new NadbConnectionException(text, e, false)
          : new NadbException(text, e);
    }
  }

  private static String count(long writes) {
    return writes == 1 ? "1 write" : writes + " writes";
  }

  /** Sees to it that no writes go to a database that they were not meant for. */
  private static SpoolIdentity identity(
      Optional<SpoolIdentity> found,
      Path directory,
      String database,
      long waiting,
      MarkedServer server) {
    if (found.isEmpty()) {
      return SpoolIdentity.create(database);
    }
    SpoolIdentity identity = found.get();
    if (identity.database().equals(database)) {
      return identity;
    }
    if (!server.mark(identity.id()).isNone()) {
      return new SpoolIdentity(identity.id(), database); // The same one by another name.
    }
    if (waiting > 0) {
      throw new NadbException(
          "the spool "
              + directory
              + " has "
              + count(waiting)
              + " for the database "
              + identity.database()
              + ", and not for "
              + database
              + ", which has never got any from there; open that one once with this spool, or name"
              + " another directory in the option spool");
    }
    return SpoolIdentity.create(database);
  }

  /** It goes on after what the server has; others who write there get no numbers. */
  @Override
  public OptionalLong recoveredSequence() {
    return OptionalLong.of(recoveredSequence);
  }

  @Override
  public Optional<Journal> journal() {
    return Optional.of(journal);
  }

  @Override
  public void apply(Cut cut, boolean sync) throws IOException {
    sending.lock();
    try {
      forwarding.send(Order.of(cut), cut.sequence(), journal);
    } finally {
      sending.unlock();
    }
    journal.forwarded(cut.sequence());
  }

  @Override
  public void checkLocation() throws IOException {
    sending.lock();
    try {
      checkIfMoved();
    } finally {
      sending.unlock();
    }
  }

  /** Sees to it that a server that others have made the master has what the former one had. */
  @GuardedBy("sending")
  private void checkIfMoved() throws IOException {
    long present = server.connections();
    if (present != checkedConnections) {
      forwarding.check(journal);
      checkedConnections = present;
    }
  }

  @Override
  public InstantSource clock() {
    return server.clock();
  }

  @Override
  public void set(String namespace, String key, Write write, SetOptions options)
      throws IOException {
    server.set(namespace, key, write, options);
  }

  @Override
  public boolean delete(String namespace, String key) throws IOException {
    return server.delete(namespace, key);
  }

  @Override
  public Change.Outcome change(String namespace, String key, Change change) throws IOException {
    return server.change(namespace, key, change);
  }

  @Override
  public Commit.Seen look(Commit.Name name, boolean withValue) throws IOException {
    return server.look(name, withValue);
  }

  @Override
  public void checkTogether(Commit.Name one, Commit.Name other) {
    server.checkTogether(one, other);
  }

  @Override
  public Optional<Commit.Name> commit(Commit commit) throws IOException {
    return server.commit(commit);
  }

  @Override
  public List<StoredValue> readAll(String namespace, Collection<String> keys) throws IOException {
    return server.readAll(namespace, keys);
  }

  @Override
  public void copyIn(String namespace, Collection<StoredValue> entries) throws IOException {
    server.copyIn(namespace, entries);
  }

  @Override
  public long clear(String namespace) throws IOException {
    return server.clear(namespace);
  }

  @Override
  public Removal removeExpired(@Nullable String namespace) throws IOException {
    if (sending.tryLock()) { // Else somebody sends, who finds out by himself.
      try {
        checkIfMoved();
      } finally {
        sending.unlock();
      }
    }
    return server.removeExpired(namespace);
  }

  @Override
  public void close() throws IOException {
    try (lock;
        server) {
      journal.close();
    }
  }
}

package io.nadb.internal.log.query;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.NadbException;
import io.nadb.TagFilter;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.Position;
import io.nadb.internal.log.index.PositionList;
import io.nadb.internal.log.segment.RecordListener;
import io.nadb.internal.log.segment.RecordReader;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.ExpiredKey;
import io.nadb.spi.StorageBackend.Progress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Answers which entries have a tag and which have expired, from lists in memory that say where to
 * look: about 8 bytes per tag of an entry and 16 per TTL.
 *
 * <p>Nothing is stored. The first question has the lists made from the index and the records;
 * afterwards flushes and compaction add to them. Nobody takes anything out: a hit counts if its
 * segment does not know it to be outdated, and when half of the lists is outdated, they are made
 * anew in small steps. So a list that says too much costs time, and it never says too little.
 */
public final class SecondaryIndexes implements RecordListener {
  private static final int STEP_RECORDS = 1024;
  private static final int CHUNK = 256;

  /** So many outdated records are not worth the trouble. */
  private static final long TOLERATED = 10_000;

  private final SegmentSet state;

  /** Held by whoever makes lists; taken before the monitor. */
  private final ReentrantLock building = new ReentrantLock();

  /** Held by whoever takes from the expiries, until what is still needed has been put back. */
  private final ReentrantLock expiring = new ReentrantLock();

  @GuardedBy("building")
  private @Nullable SecondaryIndexBuilder walk;

  @GuardedBy("this")
  private Postings marks = new Postings();

  /** The lists that are being made. */
  @GuardedBy("this")
  private @Nullable Postings next;

  private volatile boolean complete;

  SecondaryIndexes(SegmentSet state) {
    this.state = state;
  }

  @Override
  public void published(long position) {
    if (!Position.isMarked(position)) {
      return;
    }
    synchronized (this) {
      if (!complete && next == null) {
        return; // Whoever asks first will find it in the index.
      }
      try {
        RecordReader.Found found = new RecordReader(state).at(position);
        if (found != null) {
          add(found.record(), position);
        }
      } catch (NadbException | InternalError e) {
        forget(); // It can't be read: let whoever asks meet the error, and not the writer.
      }
    }
  }

  @GuardedBy("this")
  private void add(LogRecord record, long position) {
    if (complete) {
      marks.add(record, position);
    }
    if (next != null) {
      next.add(record, position);
    }
  }

  private synchronized void forget() {
    complete = false;
    marks = new Postings();
    next = null;
  }

  /** Does a step towards answering at once, unless somebody else is at it. */
  public Progress prepare() {
    if (complete) {
      return Progress.READY;
    }
    if (!building.tryLock()) {
      return Progress.BUSY;
    }
    try {
      return build() ? Progress.MORE : Progress.READY;
    } finally {
      building.unlock();
    }
  }

  /** Makes the lists, if need be. */
  public void complete() {
    while (!complete) {
      building.lock();
      try {
        while (!complete && build()) {}
      } finally {
        building.unlock();
      }
    }
  }

  /** Does a step of making the lists anew, if that is worth it; returns whether there is more. */
  boolean maintain(boolean idle) {
    if (!complete || !building.tryLock()) {
      return false;
    }
    try {
      long live = state.index().marked();
      long tolerated = (idle ? 2 : 4) * live + TOLERATED;
      return (walk != null || size() > tolerated) && build();
    } finally {
      building.unlock();
    }
  }

  /** How many records the lists know of, outdated ones included. */
  synchronized long size() {
    return marks.size();
  }

  @GuardedBy("building")
  private boolean build() {
    SecondaryIndexBuilder current = walk;
    state.trackStale();
    synchronized (this) {
      if (current == null || next == null) {
        next = new Postings(); // From now on it is told what is written; what was is in the index.
        current = new SecondaryIndexBuilder(state);
        walk = current;
      }
    }
    boolean done = false;
    try {
      done = !current.step(STEP_RECORDS, this::addToNext);
    } catch (RuntimeException | Error e) {
      walk = null;
      throw e;
    }
    if (done) {
      walk = null;
      synchronized (this) {
        Postings made = next;
        if (made != null) {
          marks = made;
          next = null;
          complete = true;
        }
      }
    }
    return !done;
  }

  private synchronized void addToNext(LogRecord record, long position) {
    if (next != null) {
      next.add(record, position);
    }
  }

  /** A question to the lists. */
  private interface ListQuestion<T> {
    T ask(Postings lists);
  }

  private <T> T ask(ListQuestion<T> question) {
    while (true) {
      complete();
      synchronized (this) {
        if (complete) {
          return question.ask(marks);
        }
      }
    }
  }

  /** Says how entries are found whose tags match. */
  TagPlan plan(String namespace, TagFilter filter) {
    return ask(lists -> lists.plan(namespace, filter));
  }

  /** The positions of each tag, where entries that have it may be. */
  Map<String, SortedPositions> positions(String namespace) {
    return ask(lists -> lists.positions(namespace));
  }

  /** When the first entry expires, or earlier; {@link Long#MIN_VALUE} if that is not known. */
  public long earliestExpiry() {
    if (!expiring.tryLock()) {
      return Long.MIN_VALUE; // Somebody has taken some out, and may put them back.
    }
    try {
      synchronized (this) {
        return complete ? marks.expiries().earliest() : Long.MIN_VALUE;
      }
    } finally {
      expiring.unlock();
    }
  }

  /** Returns keys of entries that are gone at {@code now}, the earliest first. */
  public List<ExpiredKey> expired(@Nullable String namespace, long now, int limit) {
    expiring.lock();
    try {
      complete();
      Set<ExpiredKey> expired = new LinkedHashSet<>();
      List<RecordReader.Found> kept = new ArrayList<>();
      try {
        RecordReader reader = new RecordReader(state);
        while (expired.size() < limit) {
          PositionList due = takeDue(now, Math.min(CHUNK, limit - expired.size()));
          if (due.size() == 0) {
            break;
          }
          for (int i = 0; i < due.size(); i++) {
            RecordReader.Found found = reader.current(due.get(i));
            if (found == null || now < found.record().expiresAt()) {
              continue; // It was deleted or overwritten, and is known at its new place, if any.
            }
            if (found.position() == due.get(i)) {
              kept.add(found); // Until its deletion is in the log.
            }
            if (namespace == null || namespace.equals(found.record().namespace())) {
              expired.add(found.record().toExpired());
            }
          }
        }
      } catch (RuntimeException | Error e) {
        forget();
        throw e;
      }
      putBack(kept);
      return List.copyOf(expired);
    } finally {
      expiring.unlock();
    }
  }

  private synchronized PositionList takeDue(long now, int limit) {
    PositionList due = new PositionList();
    while (due.size() < limit && marks.expiries().isDue(now)) {
      due.add(marks.expiries().pop());
    }
    return due;
  }

  private synchronized void putBack(List<RecordReader.Found> kept) {
    for (RecordReader.Found found : kept) {
      marks.expiries().push(found.record().expiresAt(), found.position());
    }
  }
}

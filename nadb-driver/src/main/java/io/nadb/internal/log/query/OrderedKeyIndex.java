package io.nadb.internal.log.query;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.CorruptStoreException;
import io.nadb.TagFilter;
import io.nadb.internal.log.index.KeyIndex;
import io.nadb.internal.log.index.PositionList;
import io.nadb.internal.log.segment.Moment;
import io.nadb.internal.log.segment.RecordListener;
import io.nadb.internal.log.segment.RecordReader;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.BackendView.Visitor;
import io.nadb.spi.SearchTrace;
import io.nadb.spi.Selection;
import io.nadb.spi.StoredEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lists keys in order, from sorted runs of positions in memory: 8 bytes a key.
 *
 * <p>Nothing is stored. The first listing goes through the log; from then on, positions of what is
 * written are collected, and in idle moments all current records are sorted into runs. So are
 * collected changes, which are merged with their like, so that there are few runs. A listing
 * searches each run for the prefix and merges what it finds; as segments know which of their
 * records are outdated, outdated positions do no harm. Who lists again and again before an idle
 * moment has come has all sorted at once.
 */
public final class OrderedKeyIndex implements RecordListener {
  private static final int STEP_RECORDS = 1024;
  private static final TagFilter ANY_TAGS = new TagFilter.And(List.of());

  /** More changes than this, and as many as keys, and it is cheaper to begin anew. */
  private static final long MANY_CHANGES = 1 << 20;

  /** Going through the log so many times takes about as long as sorting. */
  private static final int MAX_SCANS = 4;

  private final SegmentSet state;
  private final SortedRuns runs;
  private final ReentrantLock lock = new ReentrantLock();

  /** How many listings have gone through the log. */
  private final AtomicInteger scans = new AtomicInteger();

  /** What has been written since it was last sorted. */
  @GuardedBy("this")
  private PositionList changes = new PositionList();

  /** Sorts all in idle moments, until it is done. */
  @GuardedBy("lock")
  private @Nullable SortingWalk walk;

  /** Whether changes are collected. */
  private volatile boolean collecting;

  /** Whether the runs and the changes have all there is. */
  private volatile boolean sorted;

  OrderedKeyIndex(SegmentSet state) {
    this.state = state;
    this.runs = new SortedRuns(state);
  }

  @Override
  public void published(long position) {
    if (collecting) {
      synchronized (this) {
        changes.add(position);
      }
    }
  }

  /**
   * Gives all entries whose key began with {@code prefix} at a moment to {@code each}, in key
   * order.
   */
  public void scan(Moment moment, String namespace, String prefix, Consumer<StoredEntry> each) {
    Selection all = new Selection(ANY_TAGS, prefix, "", null, Selection.Order.KEY);
    try {
      walk(moment, namespace, all, entry -> give(entry, each), new SearchTrace());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // The consumer throws none.
    }
  }

  private static boolean give(StoredEntry entry, Consumer<StoredEntry> each) {
    each.accept(entry);
    return true;
  }

  /** Shows a visitor what was selected at a moment, in key order, either way. */
  void walk(
      Moment moment, String namespace, Selection selection, Visitor visitor, SearchTrace trace)
      throws IOException {
    if (!sorted && scans.getAndIncrement() < MAX_SCANS) {
      byte[] space = namespace.getBytes(StandardCharsets.UTF_8);
      byte[] start = selection.prefix().getBytes(StandardCharsets.UTF_8);
      List<StoredEntry> found = scanLog(moment, space, start);
      if (found != null) {
        trace.uses("log", state.index().size());
        trace.read(state.index().size());
        show(found, selection, visitor);
        return;
      }
    }
    List<long[]> runs = upToDate();
    trace.uses("keys", runs.stream().mapToLong(run -> run.length).sum());
    new SortedRunWalk(moment, KeyRange.of(namespace, selection), selection.tags())
        .show(runs, position -> true, visitor, trace);
  }

  private static void show(List<StoredEntry> sorted, Selection selection, Visitor visitor)
      throws IOException {
    if (selection.order() == Selection.Order.KEY_DESCENDING) {
      Collections.reverse(sorted);
    }
    for (StoredEntry entry : sorted) {
      if (selection.includes(entry) && !visitor.visit(entry)) {
        return;
      }
    }
  }

  private @Nullable List<StoredEntry> scanLog(Moment moment, byte[] namespace, byte[] prefix) {
    try {
      return PrefixScan.entries(moment, state, namespace, prefix);
    } catch (CorruptStoreException e) {
      return null; // If it matters, the record will be met again, and reported.
    }
  }

  /** Sorts what there is to be sorted, if need be, so that a listing need not. */
  public void complete() {
    upToDate();
  }

  private List<long[]> upToDate() {
    RecordReader reader = new RecordReader(state); // Of what is current, whoever lists.
    lock.lock();
    try {
      if (!sorted) {
        walk = null;
        collect();
        try {
          PositionList all = new PositionList();
          for (int partition = 0; partition < KeyIndex.PARTITIONS; partition++) {
            state.index().forEach(partition, all::add);
          }
          runs.add(reader, all);
          sorted = true;
        } catch (RuntimeException | Error e) {
          collecting = false;
          throw e;
        }
      }
      sortChanges(reader);
      return runs.current();
    } finally {
      lock.unlock();
    }
  }

  /** Begins anew: whatever is not yet in the index will be told. */
  @GuardedBy("lock")
  private void collect() {
    state.trackStale();
    synchronized (this) {
      changes = new PositionList();
    }
    collecting = true;
    runs.reset();
  }

  @GuardedBy("lock")
  private void sortChanges(RecordReader reader) {
    PositionList taken;
    synchronized (this) {
      taken = changes;
      changes = new PositionList();
    }
    try {
      runs.add(reader, taken);
    } catch (RuntimeException | Error e) {
      sorted = false; // The changes are lost: begin anew.
      collecting = false;
      throw e;
    }
  }

  /** Does a step of sorting; returns whether there is more. */
  boolean maintain(boolean idle) {
    if (!sorted) {
      return idle && scans.get() > 0 && sortSome();
    }
    int waiting;
    synchronized (this) {
      waiting = changes.size();
    }
    if (waiting > MANY_CHANGES && waiting > state.index().size()) {
      forget();
      return false;
    }
    if (!idle || waiting == 0 || !lock.tryLock()) {
      return false;
    }
    try {
      PositionList step;
      synchronized (this) {
        step = changes.takeLast(STEP_RECORDS);
      }
      runs.add(new RecordReader(state), step);
      return waiting > STEP_RECORDS;
    } finally {
      lock.unlock();
    }
  }

  /** Does a step of sorting all, unless a lister has done it; returns whether there is more. */
  boolean sortSome() {
    if (!lock.tryLock()) {
      return false;
    }
    try {
      if (sorted) {
        return false; // Who listed has sorted all just now: to begin anew would empty the lists.
      }
      SortingWalk current = walk;
      if (current == null) {
        collect();
        current = new SortingWalk(state);
        walk = current;
      }
      if (current.step()) {
        return true;
      }
      runs.set(current.runs());
      walk = null;
      sorted = true;
      return true;
    } catch (RuntimeException | Error e) {
      walk = null;
      collecting = false;
      scans.set(0);
      if (e instanceof CorruptStoreException) {
        return false; // If it matters, who lists will be told.
      }
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private void forget() {
    if (lock.tryLock()) {
      try {
        sorted = false;
        collecting = false;
        scans.set(0);
        synchronized (this) {
          changes = new PositionList();
        }
        runs.reset();
      } finally {
        lock.unlock();
      }
    }
  }
}

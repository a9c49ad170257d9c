package io.nadb.internal.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.spi.StoredEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Lists keys in order, from sorted runs of positions in memory: 8 bytes a key.
 *
 * <p>Nothing is stored. The first listing has a run made of all current records; from then on the
 * positions of what is written are collected, sorted into a small run before the next listing or in
 * an idle moment, and merged with their like, so that there are few runs. A listing searches each
 * run for the prefix and merges what it finds; as segments know which of their records are
 * outdated, outdated positions do no harm.
 */
final class KeyListing implements RecordListener {
  private static final int STEP_RECORDS = 1024;

  /** More changes than this, and as many as keys, and it is cheaper to begin anew. */
  private static final long MANY_CHANGES = 1 << 20;

  private final LogState state;
  private final SortedRuns runs;
  private final ReentrantLock lock = new ReentrantLock();

  /** What has been written since it was last sorted. */
  @GuardedBy("this")
  private PositionList changes = new PositionList();

  /** Whether somebody has asked, so that changes are collected. */
  private volatile boolean wanted;

  KeyListing(LogState state) {
    this.state = state;
    this.runs = new SortedRuns(state);
  }

  @Override
  public void published(long position) {
    if (wanted) {
      synchronized (this) {
        changes.add(position);
      }
    }
  }

  /** Gives all entries whose key begins with {@code prefix} to {@code each}, in key order. */
  void scan(String namespace, String prefix, Consumer<StoredEntry> each) {
    byte[] space = state.namespace(namespace).name();
    byte[] start = prefix.getBytes(StandardCharsets.UTF_8);
    while (true) {
      NotedRecords reader = new NotedRecords(state);
      List<long[]> sorted = upToDate(reader);
      List<StoredEntry> found = new ArrayList<>();
      RunMerge merge = RunMerge.from(reader, sorted, space, start);
      for (NotedRecords.Found next = merge.next(); next != null; next = merge.next()) {
        if (!next.record().isIn(space) || !next.record().keyStartsWith(start)) {
          break;
        }
        NotedRecords.Found current = reader.current(next);
        if (current != null) {
          found.add(current.record().toEntry());
        }
      }
      if (!reader.isOutdone()) {
        found.forEach(each);
        return;
      }
    }
  }

  /** Sorts what there is to be sorted, if need be, so that a listing need not. */
  void complete() {
    upToDate(new NotedRecords(state));
  }

  private List<long[]> upToDate(NotedRecords reader) {
    lock.lock();
    try {
      if (!wanted) {
        state.beginNoting();
        wanted = true; // Whatever is not yet in the index will be told.
        try {
          PositionList all = new PositionList();
          for (int partition = 0; partition < KeyIndex.PARTITIONS; partition++) {
            state.index().forEach(partition, all::add);
          }
          runs.reset();
          runs.add(reader, all);
        } catch (RuntimeException | Error e) {
          wanted = false;
          throw e;
        }
      }
      sortChanges(reader);
      return runs.current();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void sortChanges(NotedRecords reader) {
    PositionList taken;
    synchronized (this) {
      taken = changes;
      changes = new PositionList();
    }
    try {
      runs.add(reader, taken);
    } catch (RuntimeException | Error e) {
      wanted = false; // The changes are lost: begin anew.
      throw e;
    }
  }

  /** Does a step of sorting; returns whether there is more. */
  boolean maintain(boolean idle) {
    if (!wanted) {
      return false;
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
      runs.add(new NotedRecords(state), step);
      return waiting > STEP_RECORDS;
    } finally {
      lock.unlock();
    }
  }

  private void forget() {
    if (lock.tryLock()) {
      try {
        wanted = false;
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

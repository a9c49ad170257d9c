package io.nadb.copy;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.KeyOrder;
import io.nadb.copy.CopyProgress.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a namespace of both stores at a time, in key order, and makes the target what the
 * source is. While copying, an entry that the target has with the same metadata is passed over;
 * while verifying, values are compared, too, and what was written is read again. For one thread.
 */
final class CopyPass {
  private static final int MAX_ENTRIES = 256;
  private static final long MAX_BYTES = 4 << 20;

  /** Clocks of servers are known here by estimates only. */
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private final Phase phase;
  private final CopyReader reader;
  private final CopyWriter writer;
  private final CopyResult.Counts counts;
  private final boolean removes;
  private final Consumer<CopyProgress> listener;

  private final List<String> batch = new ArrayList<>();
  private long batchBytes;
  private final List<String> surplus = new ArrayList<>();
  private long entries;
  private long bytes;

  CopyPass(
      Phase phase,
      CopyReader reader,
      CopyWriter writer,
      CopyResult.Counts counts,
      boolean removes,
      Consumer<CopyProgress> listener) {
    this.phase = phase;
    this.reader = reader;
    this.writer = writer;
    this.counts = counts;
    this.removes = removes;
    this.listener = listener;
  }

  /**
   * Goes through a namespace.
   *
   * @param mayBeThere whether the target may have entries of it
   */
  void run(String namespace, boolean mayBeThere) {
    try (Stream<EntryMetadata> from = reader.metadata(namespace);
        Stream<EntryMetadata> to = mayBeThere ? writer.metadata(namespace) : Stream.empty()) {
      walk(namespace, from.iterator(), to.iterator());
    }
    finish(namespace);
  }

  private void walk(String namespace, Iterator<EntryMetadata> from, Iterator<EntryMetadata> to) {
    EntryMetadata there = next(to);
    for (EntryMetadata entry = next(from); entry != null; entry = next(from)) {
      while (there != null && KeyOrder.INSTANCE.compare(there.key(), entry.key()) < 0) {
        surplus(namespace, there);
        there = next(to);
      }
      boolean both = there != null && there.key().equals(entry.key());
      entries++;
      bytes += entry.size();
      if (phase == Phase.VERIFYING || !(both && entry.equals(there))) {
        add(namespace, entry);
      } else if (entries % MAX_ENTRIES == 0) {
        tell(namespace);
      }
      if (both) {
        there = next(to);
      }
    }
    for (; there != null; there = next(to)) {
      surplus(namespace, there);
    }
  }

  private static @Nullable EntryMetadata next(Iterator<EntryMetadata> entries) {
    return entries.hasNext() ? entries.next() : null;
  }

  private void add(String namespace, EntryMetadata entry) {
    if (!batch.isEmpty() && batchBytes + entry.size() > MAX_BYTES) {
      finish(namespace);
    }
    batch.add(entry.key());
    batchBytes += entry.size();
    if (batch.size() == MAX_ENTRIES) {
      finish(namespace);
    }
  }

  private void surplus(String namespace, EntryMetadata entry) {
    if (removes) {
      surplus.add(entry.key());
      if (surplus.size() == MAX_ENTRIES) {
        finish(namespace);
      }
    }
  }

  /** Does what has been found out to be done. */
  private void finish(String namespace) {
    CopyRun.checkInterrupted(namespace);
    removeSurplus(namespace);
    if (!batch.isEmpty()) {
      if (phase == Phase.COPYING) {
        write(namespace, alive(reader.read(namespace, batch)));
      } else {
        verify(namespace);
      }
      batch.clear();
      batchBytes = 0;
    }
    tell(namespace);
  }

  /** A walk through a server may have missed an entry; so it is asked for each by itself. */
  private void removeSurplus(String namespace) {
    if (surplus.isEmpty()) {
      return;
    }
    Map<String, Entry> after = byKey(reader.read(namespace, surplus));
    for (String key : surplus) {
      if (!after.containsKey(key) && writer.remove(namespace, key)) {
        counts.removed();
      }
    }
    write(namespace, alive(after.values()));
    surplus.clear();
  }

  private void write(String namespace, List<Entry> written) {
    if (!written.isEmpty()) {
      writer.write(namespace, written);
      counts.written(written.size());
    }
  }

  /** Compares what the batch has in both stores, and writes once more what differs. */
  private void verify(String namespace) {
    List<Entry> expected = reader.read(namespace, batch);
    Map<String, Entry> found = byKey(writer.read(namespace, batch));
    List<Entry> different = new ArrayList<>();
    for (Entry entry : expected) {
      Entry there = found.get(entry.metadata().key());
      counts.compared(namespace, entry.value().length);
      if (!entry.equals(there) && !(there == null && isOver(entry.metadata()))) {
        different.add(entry);
      }
    }
    if (!different.isEmpty()) {
      write(namespace, different);
      check(namespace, different);
    }
  }

  private void check(String namespace, List<Entry> written) {
    List<String> keys = written.stream().map(entry -> entry.metadata().key()).toList();
    Map<String, Entry> found = byKey(writer.read(namespace, keys));
    for (Entry entry : written) {
      Entry there = found.get(entry.metadata().key());
      if (!entry.equals(there) && !(there == null && isOver(entry.metadata()))) {
        counts.differs(namespace, entry.metadata().key(), difference(entry, there));
      }
    }
  }

  private static String difference(Entry entry, @Nullable Entry there) {
    if (there == null) {
      return "the target does not have it after it was written";
    }
    EntryMetadata is = there.metadata();
    EntryMetadata was = entry.metadata();
    if (!Arrays.equals(entry.value(), there.value())) {
      return "the value is another: "
          + there.value().length
          + " bytes instead of "
          + entry.value().length;
    }
    if (!is.tags().equals(was.tags())) {
      return "the tags are " + is.tags() + " instead of " + was.tags();
    }
    return "the times are "
        + times(is)
        + " instead of "
        + times(was)
        + " (created, updated, expires)";
  }

  private static String times(EntryMetadata entry) {
    return entry.created()
        + ", "
        + entry.updated()
        + ", "
        + entry.expiresAt().map(Instant::toString).orElse("never");
  }

  /** Those that have not expired since the moment that is read. */
  private List<Entry> alive(Iterable<Entry> all) {
    Instant now = reader.now();
    List<Entry> alive = new ArrayList<>();
    for (Entry entry : all) {
      if (entry.metadata().expiresAt().filter(end -> !end.isAfter(now)).isEmpty()) {
        alive.add(entry);
      }
    }
    return alive;
  }

  /** Whether an entry has expired, or is about to, for one of the stores. */
  private boolean isOver(EntryMetadata entry) {
    return entry
        .expiresAt()
        .filter(
            end ->
                !end.isAfter(reader.now().plus(MARGIN)) || !end.isAfter(writer.now().plus(MARGIN)))
        .isPresent();
  }

  private static Map<String, Entry> byKey(List<Entry> entries) {
    Map<String, Entry> byKey = new LinkedHashMap<>();
    entries.forEach(entry -> byKey.put(entry.metadata().key(), entry));
    return byKey;
  }

  private void tell(String namespace) {
    listener.accept(new CopyProgress(phase, namespace, entries, bytes, reader.total()));
  }
}

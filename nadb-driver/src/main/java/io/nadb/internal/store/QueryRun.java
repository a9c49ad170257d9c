package io.nadb.internal.store;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.KeyOrder;
import io.nadb.TagFilter;
import io.nadb.internal.store.Question.Place;
import io.nadb.spi.BackendView;
import io.nadb.spi.SearchTrace;
import io.nadb.spi.Selection;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Answers questions about a namespace from one view: what the layers have, over the backend's. */
final class QueryRun {
  private final BackendView stored;
  private final Overlay overlay;
  private final Values values;
  private final String namespace;
  private final boolean judges;
  private final long now;
  private final SearchTrace trace = SearchTrace.interruptible();
  private long bufferedRead;

  /** Reads values of the same moment. */
  interface Values {
    /** Returns those of the keys that exist. */
    Map<String, byte[]> read(List<String> keys) throws IOException;
  }

  /**
   * Begins to answer.
   *
   * @param judges whether the backend's entries may have expired; else it decides that
   * @param now what has expired by then is not there
   */
  QueryRun(
      BackendView stored,
      Overlay overlay,
      Values values,
      String namespace,
      boolean judges,
      long now) {
    this.stored = stored;
    this.overlay = overlay;
    this.values = values;
    this.namespace = namespace;
    this.judges = judges;
    this.now = now;
  }

  SearchTrace trace() {
    return trace;
  }

  /** How many writes in the layers were looked at. */
  long bufferedRead() {
    return bufferedRead;
  }

  /**
   * Finds entries, in order.
   *
   * @param after only what comes after that, if it is given
   * @param most how many
   */
  List<StoredEntry> find(Question question, @Nullable Place after, int most) throws IOException {
    return question.isByKey() ? byKey(question, after, most) : sorted(question, after, most);
  }

  /** Merges what the layers and the backend have, both in order, until there is enough. */
  private List<StoredEntry> byKey(Question question, @Nullable Place after, int most)
      throws IOException {
    Selection selection = question.selection(after, true);
    Comparator<String> order =
        question.descending() ? KeyOrder.INSTANCE.reversed() : KeyOrder.INSTANCE;
    Map<String, Write> buffered = new TreeMap<>(order);
    forEachBuffered(question, selection, buffered::put);
    Iterator<Map.Entry<String, Write>> writes = buffered.entrySet().iterator();
    List<StoredEntry> found = new ArrayList<>();
    Merge merge = new Merge(question, writes, found, most);
    stored.walk(
        namespace,
        selection,
        entry -> {
          merge.addBefore(order, entry.key());
          if (found.size() < most && counts(question, entry)) {
            found.add(entry);
          }
          return found.size() < most;
        },
        trace);
    merge.addRest();
    return found;
  }

  /** Adds entries of the layers to those of the backend, each in its place. */
  private final class Merge {
    private final Question question;
    private final Iterator<Map.Entry<String, Write>> writes;
    private final List<StoredEntry> found;
    private final int most;
    private Map.@Nullable Entry<String, Write> next;

    Merge(
        Question question,
        Iterator<Map.Entry<String, Write>> writes,
        List<StoredEntry> found,
        int most) {
      this.question = question;
      this.writes = writes;
      this.found = found;
      this.most = most;
      step();
    }

    private void step() {
      next = writes.hasNext() ? writes.next() : null;
    }

    void addBefore(Comparator<String> order, String key) throws IOException {
      while (next != null && found.size() < most && order.compare(next.getKey(), key) < 0) {
        add(next);
        step();
      }
    }

    void addRest() throws IOException {
      while (next != null && found.size() < most) {
        add(next);
        step();
      }
    }

    private void add(Map.Entry<String, Write> one) throws IOException {
      StoredEntry entry = overlay.resolve(one.getKey(), one.getValue());
      if (question.matches(entry)) {
        found.add(entry);
      }
    }
  }

  /** Looks at all, and keeps what comes first. */
  private List<StoredEntry> sorted(Question question, @Nullable Place after, int most)
      throws IOException {
    Comparator<Place> places = question.places();
    Comparator<StoredEntry> order = Comparator.comparing(question::place, places);
    PriorityQueue<StoredEntry> first = new PriorityQueue<>(order.reversed());
    forEach(
        question,
        entry -> {
          if (after == null || places.compare(question.place(entry), after) > 0) {
            first.add(entry);
            if (first.size() > most) {
              first.poll();
            }
          }
        });
    List<StoredEntry> found = new ArrayList<>(first);
    found.sort(order);
    return found;
  }

  /** Is shown an entry that is asked for. */
  private interface Each {
    void visit(StoredEntry entry);
  }

  private void forEach(Question question, Each each) throws IOException {
    Selection selection = question.selection(null, false);
    List<Map.Entry<String, Write>> buffered = new ArrayList<>();
    forEachBuffered(question, selection, (key, write) -> buffered.add(Map.entry(key, write)));
    for (Map.Entry<String, Write> next : buffered) {
      StoredEntry entry = overlay.resolve(next.getKey(), next.getValue());
      if (question.matches(entry)) {
        each.visit(entry);
      }
    }
    stored.walk(
        namespace,
        selection,
        entry -> {
          if (counts(question, entry)) {
            each.visit(entry);
          }
          return true;
        },
        trace);
  }

  /** Shows the writes in the layers that may have made entries that are asked for. */
  private void forEachBuffered(
      Question question, Selection selection, BiConsumer<String, Write> each) {
    overlay.forEach(
        (key, write) -> {
          bufferedRead++;
          if (!write.isGoneAt(now)
              && question.mayMatch(write)
              && selection.includes(key)
              && selection.tags().matches(write.tags())) {
            each.accept(key, write);
          }
        });
  }

  /** Whether the backend's entry is there, and what counts, and what is asked for. */
  private boolean counts(Question question, StoredEntry entry) {
    return question.matches(entry)
        && !(judges && entry.isGoneAt(now))
        && !overlay.hides(entry.key());
  }

  /** Counts entries. */
  long count(Question question) throws IOException {
    long[] count = new long[1];
    if (question.filters().isEmpty() || !question.isOfTagsAlone()) {
      forEach(question, entry -> count[0]++);
      return count[0];
    }
    TagFilter tags = question.tags();
    Set<String> buffered = new HashSet<>();
    overlay.forEach(
        (key, write) -> {
          buffered.add(key);
          count[0] += !write.isGoneAt(now) && tags.matches(write.tags()) ? 1 : 0;
        });
    return count[0] + stored.count(namespace, tags, judges ? now : Long.MIN_VALUE, buffered);
  }

  /** Returns entries with their values; without those that have gone meanwhile, on a server. */
  List<Entry> withValues(List<EntryMetadata> entries) throws IOException {
    Map<String, byte[]> read = values.read(entries.stream().map(EntryMetadata::key).toList());
    List<Entry> found = new ArrayList<>(entries.size());
    for (EntryMetadata entry : entries) {
      byte[] value = read.get(entry.key());
      if (value != null) {
        found.add(new Entry(entry, value));
      }
    }
    return Collections.unmodifiableList(found);
  }
}

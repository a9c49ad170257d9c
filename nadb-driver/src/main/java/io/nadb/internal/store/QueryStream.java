package io.nadb.internal.store;

import io.nadb.EntryMetadata;
import io.nadb.internal.store.Question.Place;
import io.nadb.spi.StoredEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The entries that a query finds, batch by batch, as they are wanted.
 *
 * @param <T> what a user gets of each
 */
final class QueryStream<T> implements Iterator<T> {
  private static final int BATCH = 256;

  private final QuerySource source;
  private final Question question;
  private final Finishing<T> finishing;

  /** What has been found and not been given out; all there is, if that is not found by batches. */
  private Iterator<StoredEntry> found = List.<StoredEntry>of().iterator();

  private Iterator<T> batch = List.<T>of().iterator();
  private @Nullable Place after;
  private long left;
  private boolean begun;
  private boolean complete;

  private QueryStream(
      QuerySource source,
      Question question,
      @Nullable Place after,
      int limit,
      Finishing<T> finishing) {
    this.source = source;
    this.question = question;
    this.after = after;
    this.left = limit;
    this.finishing = finishing;
  }

  /** Makes of entries what a user gets. */
  interface Finishing<T> {
    List<T> finish(QueryRun run, List<EntryMetadata> entries) throws IOException;
  }

  /** Begins, at the moment that the source is held at. */
  static <T> Stream<T> of(
      QuerySource source,
      Question question,
      @Nullable Place after,
      int limit,
      Finishing<T> finishing) {
    QuerySource held = source.hold();
    QueryStream<T> entries = new QueryStream<>(held, question, after, limit, finishing);
    int traits = Spliterator.ORDERED | Spliterator.NONNULL;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(entries, traits), false)
        .onClose(held::close);
  }

  @Override
  public boolean hasNext() {
    while (!batch.hasNext()) {
      if (complete) {
        source.close();
        return false;
      }
      batch = source.ask(this::nextBatch).iterator();
    }
    return true;
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return batch.next();
  }

  private List<T> nextBatch(QueryRun run) throws IOException {
    int most = (int) Math.min(BATCH, left);
    List<StoredEntry> entries;
    if (question.isByKey() && source.answersByPage(question)) {
      entries = run.find(question, after, most);
      complete = entries.size() < most || left == most;
    } else {
      if (!begun) {
        found = run.find(question, after, (int) left).iterator();
        begun = true;
      }
      entries = new ArrayList<>(most);
      while (entries.size() < most && found.hasNext()) {
        entries.add(found.next());
      }
      complete = !found.hasNext();
    }
    left -= entries.size();
    if (!entries.isEmpty()) {
      after = question.place(entries.get(entries.size() - 1));
    }
    return finishing.finish(run, entries.stream().map(StoredEntry::toMetadata).toList());
  }
}

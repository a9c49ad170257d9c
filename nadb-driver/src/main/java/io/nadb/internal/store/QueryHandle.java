package io.nadb.internal.store;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.KeyOrder;
import io.nadb.Query;
import io.nadb.QueryPage;
import io.nadb.QueryPlan;
import io.nadb.TagFilter;
import io.nadb.internal.store.Question.Place;
import io.nadb.spi.StoredEntry;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A user's query: checks arguments, and asks. */
final class QueryHandle implements Query {
  private static final int NO_LIMIT = Integer.MAX_VALUE;

  private final Supplier<QuerySource> source;
  private final String namespace;
  private final Question question;
  private final int limit;
  private final @Nullable String cursor;

  private QueryHandle(
      Supplier<QuerySource> source,
      String namespace,
      Question question,
      int limit,
      @Nullable String cursor) {
    this.source = source;
    this.namespace = namespace;
    this.question = question;
    this.limit = limit;
    this.cursor = cursor;
  }

  /**
   * Begins with all entries.
   *
   * @param source gives where to ask, each time anew, as long as that is open
   */
  static Query of(Supplier<QuerySource> source, String namespace) {
    return new QueryHandle(source, namespace, Question.ALL, NO_LIMIT, null);
  }

  private Query with(Question other) {
    return new QueryHandle(source, namespace, other, limit, cursor);
  }

  @Override
  public Query tags(TagFilter filter) {
    Limits.checkTags(Objects.requireNonNull(filter, "filter"));
    return with(question.withTags(filter));
  }

  @Override
  public Query prefix(String prefix) {
    Limits.checkBound("prefix", Objects.requireNonNull(prefix, "prefix"));
    return with(question.withPrefix(prefix));
  }

  @Override
  public Query range(@Nullable String from, @Nullable String to) {
    String first = from == null ? "" : from;
    Limits.checkBound("first key", first);
    if (to != null) {
      Limits.checkBound("end of the range", to);
      if (KeyOrder.INSTANCE.compare(first, to) > 0) {
        throw new IllegalArgumentException(
            "the range from '" + first + "' to '" + to + "' ends before it begins");
      }
    }
    return with(question.withKeys(first, to));
  }

  @Override
  public Query sizeBetween(long least, long most) {
    if (least < 0 || least > most) {
      throw new IllegalArgumentException(
          "no value has between "
              + least
              + " and "
              + most
              + " bytes; the first must be 0 or more, and the second not less");
    }
    return with(question.withSize(new Bounds(least, most)));
  }

  @Override
  public Query createdSince(Instant time) {
    return with(question.withCreated(Bounds.since(Objects.requireNonNull(time, "time"))));
  }

  @Override
  public Query createdBefore(Instant time) {
    return with(question.withCreated(Bounds.before(Objects.requireNonNull(time, "time"))));
  }

  @Override
  public Query updatedSince(Instant time) {
    return with(question.withUpdated(Bounds.since(Objects.requireNonNull(time, "time"))));
  }

  @Override
  public Query updatedBefore(Instant time) {
    return with(question.withUpdated(Bounds.before(Objects.requireNonNull(time, "time"))));
  }

  @Override
  public Query expiringSince(Instant time) {
    return with(question.withExpires(Bounds.since(Objects.requireNonNull(time, "time"))));
  }

  @Override
  public Query expiringBefore(Instant time) {
    return with(question.withExpires(Bounds.before(Objects.requireNonNull(time, "time"))));
  }

  @Override
  public Query orderBy(Order order) {
    return with(question.withOrder(Objects.requireNonNull(order, "order"), false));
  }

  @Override
  public Query orderByDescending(Order order) {
    return with(question.withOrder(Objects.requireNonNull(order, "order"), true));
  }

  @Override
  public Query limit(int entries) {
    if (entries <= 0) {
      throw new IllegalArgumentException(
          "a limit of " + entries + " entries; at least one must be wanted");
    }
    return new QueryHandle(source, namespace, question, entries, cursor);
  }

  /** It is decoded when it is used: what comes after this may change the question. */
  @Override
  public Query after(@Nullable String otherCursor) {
    if (otherCursor != null) {
      QueryCursor.checkSound(otherCursor);
    }
    return new QueryHandle(source, namespace, question, limit, otherCursor);
  }

  private @Nullable Place start() {
    return cursor == null ? null : QueryCursor.decode(namespace, question, cursor);
  }

  private QuerySource source() {
    QuerySource opened = source.get();
    opened.check(question);
    return opened;
  }

  /** What a page has. */
  private record Found<T>(List<T> entries, @Nullable String cursor) implements QueryPage<T> {}

  private <T> QueryPage<T> page(QueryStream.Finishing<T> finishing) {
    Place after = start();
    return source()
        .ask(
            run -> {
              int most = limit == NO_LIMIT ? NO_LIMIT : limit + 1;
              List<StoredEntry> found = run.find(question, after, most);
              boolean more = found.size() > limit;
              List<StoredEntry> shown = more ? found.subList(0, limit) : found;
              String next =
                  more
                      ? QueryCursor.encode(
                          namespace, question, question.place(shown.get(limit - 1)))
                      : null;
              return new Found<>(
                  finishing.finish(run, shown.stream().map(StoredEntry::toMetadata).toList()),
                  next);
            });
  }

  @Override
  public QueryPage<EntryMetadata> page() {
    return page((run, entries) -> entries);
  }

  @Override
  public QueryPage<Entry> pageWithValues() {
    return page(QueryRun::withValues);
  }

  @Override
  public List<String> keys() {
    Place after = start();
    return source()
        .ask(run -> run.find(question, after, limit).stream().map(StoredEntry::key).toList());
  }

  @Override
  public Stream<EntryMetadata> stream() {
    return QueryStream.of(source(), question, start(), limit, (run, entries) -> entries);
  }

  @Override
  public Stream<Entry> streamWithValues() {
    return QueryStream.of(source(), question, start(), limit, QueryRun::withValues);
  }

  @Override
  public long count() {
    return source().ask(run -> run.count(question));
  }

  @Override
  public QueryPlan explain() {
    Place after = start();
    return source()
        .ask(
            run -> {
              int found = run.find(question, after, limit).size();
              return new ExecutedPlan(run.trace(), run.bufferedRead(), found);
            });
  }

  @Override
  public String toString() {
    return "Query[" + namespace + ": " + question + "]";
  }
}

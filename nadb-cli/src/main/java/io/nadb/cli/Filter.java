package io.nadb.cli;

import io.nadb.KeyValueStore;
import io.nadb.Query;
import io.nadb.Query.Order;
import io.nadb.TagFilter;
import io.nadb.cli.text.Amounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which entries are asked for. */
final class Filter {
  private static final String TAG = "<tag>";
  private static final String TIME = "<time>";

  @Option(
      names = {"-t", "--tag"},
      paramLabel = TAG,
      description = "Has this tag; given again, that one too.")
  private final List<String> all = new ArrayList<>();

  @Option(
      names = "--any",
      split = ",",
      paramLabel = TAG,
      description = "Has one of these tags at least: a,b,c.")
  private final List<String> any = new ArrayList<>();

  @Option(
      names = "--none",
      split = ",",
      paramLabel = TAG,
      description = "Has none of these tags: a,b,c.")
  private final List<String> none = new ArrayList<>();

  @Option(
      names = {"-p", "--prefix"},
      paramLabel = "<prefix>",
      description = "The key begins with this.")
  private @Nullable String prefix;

  @Option(names = "--from", paramLabel = "<key>", description = "The first key.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "<key>", description = "The first key that is too large.")
  private @Nullable String to;

  @Option(
      names = "--min-size",
      paramLabel = "<size>",
      description = "Values of so much at least: 64kb, 1mb.")
  private @Nullable String minSize;

  @Option(names = "--max-size", paramLabel = "<size>", description = "Values of so much at most.")
  private @Nullable String maxSize;

  @Option(
      names = "--created-since",
      paramLabel = TIME,
      description = "Times are 2026-11-29T12:00:00Z, 2026-11-29, or how long ago: 5m, 2h, 7d.")
  private @Nullable String createdSince;

  @Option(
      names = "--created-before",
      paramLabel = TIME,
      description = "Came into being before that time.")
  private @Nullable String createdBefore;

  @Option(
      names = "--updated-since",
      paramLabel = TIME,
      description = "Was set at that time or later.")
  private @Nullable String updatedSince;

  @Option(names = "--updated-before", paramLabel = TIME, description = "Was set before that time.")
  private @Nullable String updatedBefore;

  @Option(
      names = "--expiring-before",
      paramLabel = TIME,
      description = "Expires before that time, or within so long: 5m.")
  private @Nullable String expiringBefore;

  @Option(
      names = "--expiring-since",
      paramLabel = TIME,
      description = "Expires at that time or later.")
  private @Nullable String expiringSince;

  @Option(
      names = "--order",
      paramLabel = "<by>",
      description = "key (as without this), updated or size.")
  private Order order = Order.KEY;

  @Option(
      names = {"-r", "--reverse"},
      description = "The greatest or latest first.")
  private boolean reverse;

  @Option(
      names = {"-l", "--limit"},
      paramLabel = "<n>",
      description = "So many at most.")
  private int limit;

  /** Whether not all are wanted. */
  boolean isLimited() {
    return limit != 0;
  }

  /** The question, with its limit. */
  Query limited(Query query) {
    return limit(query, limit);
  }

  /** The question for so many at most; 0 for all. */
  static Query limit(Query query, int limit) {
    return limit == 0 ? query : query.limit(limit);
  }

  /** The question, without its limit. */
  Query of(KeyValueStore store, Environment environment) {
    Query query = store.query();
    query = all.isEmpty() ? query : query.tags(TagFilter.all(all.toArray(new String[0])));
    query = any.isEmpty() ? query : query.tags(TagFilter.any(any.toArray(new String[0])));
    query = none.isEmpty() ? query : query.tags(TagFilter.none(none.toArray(new String[0])));
    query = prefix == null ? query : query.prefix(prefix);
    query = from == null && to == null ? query : query.range(from, to);
    if (minSize != null || maxSize != null) {
      query =
          query.sizeBetween(
              minSize == null ? 0 : Amounts.parseSize(minSize),
              maxSize == null ? Long.MAX_VALUE : Amounts.parseSize(maxSize));
    }
    Times times = new Times(environment);
    query = times.past(query, createdSince, Query::createdSince);
    query = times.past(query, createdBefore, Query::createdBefore);
    query = times.past(query, updatedSince, Query::updatedSince);
    query = times.past(query, updatedBefore, Query::updatedBefore);
    query = times.future(query, expiringSince, Query::expiringSince);
    query = times.future(query, expiringBefore, Query::expiringBefore);
    if (reverse) {
      return query.orderByDescending(order);
    }
    return order == Order.KEY ? query : query.orderBy(order);
  }

  /** Adds times to a question. */
  private record Times(Environment environment) {

    Query past(Query query, @Nullable String text, BiFunction<Query, Instant, Query> narrow) {
      return text == null ? query : narrow.apply(query, at(text, -1));
    }

    Query future(Query query, @Nullable String text, BiFunction<Query, Instant, Query> narrow) {
      return text == null ? query : narrow.apply(query, at(text, 1));
    }

    private Instant at(String text, int direction) {
      return Amounts.parseTime(text, environment.time().now(), direction, environment.zone());
    }
  }
}

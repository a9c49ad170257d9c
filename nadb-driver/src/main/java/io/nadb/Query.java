package io.nadb;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A question for entries of a namespace, by their tags, keys, sizes and times; the answer comes
 * page by page, as a stream, or as a number.
 *
 * <pre>{@code
 * QueryPage<EntryMetadata> page =
 *     store.query().allTags("invoice", "open").noneTags("draft").prefix("2026-").limit(50).page();
 * }</pre>
 *
 * <p>Immutable: each method that narrows the question, or says how the answer comes, returns
 * another query. What narrows it can be called again, and then all of it must hold. Nothing is
 * asked until a method is called that returns an answer, and each of these asks anew.
 *
 * <p><b>Moments.</b> Each answer shows one moment, if the store has {@link
 * StoreCapability#ONE_MOMENT}; that of a snapshot's query always the same. Pages that are asked for
 * one after the other are of different moments: in key order, an entry that is there all the time
 * is on one page, once, whatever others write, set and remove meanwhile. In another order, one that
 * is updated meanwhile changes its place, and so may be met again or be missed. All pages of a
 * snapshot fit together.
 *
 * <p><b>Cost.</b> Tags are answered from lists in memory, pages in key order begin where the one
 * before has ended. Sizes and times have no lists: all that the tags and the keys leave is looked
 * at, and so it is for another order than that of keys.
 *
 * <p>May be used by any number of threads. All methods that answer throw {@link
 * IllegalStateException} once the store or the snapshot is closed, {@link NadbException} when the
 * world fails, and {@link UnsupportedOperationException} if the store has not {@link
 * StoreCapability#QUERIES} and the query wants more than that allows. One that has much to read
 * ends with a {@code NadbException} when its thread is interrupted, which the thread stays.
 *
 * @since 0.1.0
 */
public interface Query {

  /** What entries are sorted by; where they are equal, by key. More constants may come. */
  enum Order {
    /** By key: see {@link KeyOrder}. */
    KEY,
    /** By when the value was set. */
    UPDATED,
    /** By the value's length. */
    SIZE
  }

  /** Only entries whose tags match. */
  Query tags(TagFilter filter);

  /**
   * Only entries that have all of the tags.
   *
   * @throws IllegalArgumentException if no tag is given, or one that no entry can have
   */
  default Query allTags(String... tags) {
    return tags(TagFilter.all(tags));
  }

  /**
   * Only entries that have one of the tags, or several.
   *
   * @throws IllegalArgumentException if no tag is given, or one that no entry can have
   */
  default Query anyTags(String... tags) {
    return tags(TagFilter.any(tags));
  }

  /**
   * Only entries that have none of the tags.
   *
   * @throws IllegalArgumentException if no tag is given, or one that no entry can have
   */
  default Query noneTags(String... tags) {
    return tags(TagFilter.none(tags));
  }

  /** Only keys that begin with {@code prefix}. */
  Query prefix(String prefix);

  /**
   * Only keys from one, inclusive, to another, exclusive, in {@link KeyOrder}.
   *
   * @param from the first key; null for no bound
   * @param to the first key that is too large; null for no bound
   * @throws IllegalArgumentException if {@code from} comes after {@code to}
   */
  Query range(@Nullable String from, @Nullable String to);

  /**
   * Only values of at least so many bytes, and of at most so many.
   *
   * @throws IllegalArgumentException if {@code least} is negative or larger than {@code most}
   */
  Query sizeBetween(long least, long most);

  /** Only entries whose key came into being at that time or later. */
  Query createdSince(Instant time);

  /** Only entries whose key came into being before that time. */
  Query createdBefore(Instant time);

  /** Only entries whose value was set at that time or later. */
  Query updatedSince(Instant time);

  /** Only entries whose value was set before that time. */
  Query updatedBefore(Instant time);

  /** Only entries that expire, at that time or later. */
  Query expiringSince(Instant time);

  /** Only entries that expire before that time. */
  Query expiringBefore(Instant time);

  /** Sorts, the least first; without this and its opposite, by key. */
  Query orderBy(Order order);

  /** Sorts, the greatest first: the reverse of {@link #orderBy}. */
  Query orderByDescending(Order order);

  /**
   * Finds so many entries at most.
   *
   * @throws IllegalArgumentException if {@code entries} is not positive
   */
  Query limit(int entries);

  /**
   * Begins after the last entry of another page of the same question.
   *
   * @param cursor that page's {@link QueryPage#cursor()}; null to begin at the beginning
   * @throws IllegalArgumentException if it is no cursor, or one of another question: of another
   *     namespace, with other tags, keys, sizes or times, or in another order. The limit may differ
   */
  Query after(@Nullable String cursor);

  /** Returns the entries that are found, without their values: as many as the limit allows. */
  QueryPage<EntryMetadata> page();

  /** Returns the entries that are found, with their values: as many as the limit allows. */
  QueryPage<Entry> pageWithValues();

  /** Returns the keys of the entries that are found, as many as the limit allows; unmodifiable. */
  List<String> keys();

  /**
   * Returns the entries that are found, without their values, one by one, all of one moment if the
   * store has {@link StoreCapability#SNAPSHOTS}: then a snapshot is open until the stream is closed
   * or has come to its end. In key order, few of them are in memory at a time; in another order,
   * all are.
   */
  Stream<EntryMetadata> stream();

  /** Returns what {@link #stream} does, with values: of these, few are in memory at a time. */
  Stream<Entry> streamWithValues();

  /** Returns how many entries there are, whatever limit, cursor and order say. */
  long count();

  /** Finds what {@link #page} does, and tells how. */
  QueryPlan explain();
}

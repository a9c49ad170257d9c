package io.nadb.internal.log.query;

import io.nadb.TagFilter;
import io.nadb.internal.log.segment.Moment;
import io.nadb.internal.log.segment.RecordReader;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.internal.log.segment.Sieve;
import io.nadb.spi.StoredEntry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Counts entries by the lists of tags, as they were at a moment, without reading their records, but
 * for those that may expire.
 *
 * <p>That takes that no record is moved meanwhile; if some are, again and again, there is no
 * answer, and whoever asks reads the entries instead.
 */
final class TagListCounts {
  private static final int ATTEMPTS = 3;

  private final SegmentSet state;
  private final SecondaryIndexes indexes;

  TagListCounts(SegmentSet state, SecondaryIndexes indexes) {
    this.state = state;
    this.indexes = indexes;
  }

  /**
   * Counts the entries that match and have not expired, without those of some keys.
   *
   * @param filter one that the lists of tags can answer
   */
  OptionalLong count(
      Moment moment, String namespace, TagFilter filter, long now, Set<String> except) {
    state.index().awaitWriters(); // Who noted nothing, as it began before, has to have said so.
    for (int i = 0; i < ATTEMPTS; i++) {
      long moves = state.moves();
      if (moves % 2 == 0) {
        long count = countOnce(moment, namespace, filter, now, except);
        if (state.moves() == moves) {
          return OptionalLong.of(count);
        }
      }
    }
    return OptionalLong.empty();
  }

  private long countOnce(
      Moment moment, String namespace, TagFilter filter, long now, Set<String> except) {
    TagPlan plan = indexes.plan(namespace, filter);
    LongPredicate matches = plan.matcher();
    Sieve sieve = new Sieve(moment, except);
    long[] candidates = plan.candidates();
    long[] kept = new long[candidates.length];
    int found = 0;
    for (long position : candidates) {
      if (matches.test(position) && sieve.passes(position, now)) {
        kept[found] = position;
        found++;
      }
    }
    int last = found;
    long[] count = {found};
    byte[] space = namespace.getBytes(StandardCharsets.UTF_8);
    moment.forEachReplaced(
        space,
        replaced -> {
          StoredEntry entry = replaced.record().toEntry();
          if (Arrays.binarySearch(kept, 0, last, replaced.position()) < 0
              && filter.matches(entry.tags())
              && !entry.isGoneAt(now)
              && !except.contains(entry.key())) {
            count[0]++;
          }
        });
    for (String key : except) {
      moment.forEachPosition(
          namespace,
          key,
          position -> {
            if (Arrays.binarySearch(kept, 0, last, position) >= 0) {
              count[0]--;
            }
          });
    }
    return count[0];
  }

  /**
   * Counts the entries that have each tag and have not expired, without those of some keys. Nothing
   * may be replaced meanwhile, either.
   */
  Optional<Map<String, Long>> countTags(
      Moment moment, String namespace, long now, Set<String> except) {
    for (int i = 0; i < ATTEMPTS; i++) {
      long moves = state.moves();
      int replaced = moment.replaced();
      state.index().awaitWriters(); // Whoever has noted what is replaced is to have said so, too.
      if (moves % 2 == 0) {
        Map<String, Long> counts = countTagsOnce(moment, namespace, now, except);
        if (state.moves() == moves && moment.replaced() == replaced) {
          counts.values().removeIf(count -> count == 0);
          return Optional.of(counts);
        }
      }
    }
    return Optional.empty();
  }

  private Map<String, Long> countTagsOnce(
      Moment moment, String namespace, long now, Set<String> except) {
    Map<String, Long> counts = new HashMap<>();
    Sieve sieve = new Sieve(moment, except);
    indexes
        .positions(namespace)
        .forEach(
            (tag, list) -> counts.put(tag, list.count(position -> sieve.passes(position, now))));
    moment.forEachReplaced(
        namespace.getBytes(StandardCharsets.UTF_8),
        replaced -> {
          StoredEntry entry = replaced.record().toEntry();
          if (!entry.isGoneAt(now) && !except.contains(entry.key())) {
            entry.tags().forEach(tag -> counts.merge(tag, 1L, Long::sum));
          }
        });
    RecordReader reader = new RecordReader(moment);
    for (String key : except) {
      long position = state.index().find(state.fingerprint(namespace, key)); // What was counted.
      RecordReader.Found found =
          position != 0 && sieve.passes(position, now) ? reader.at(position) : null;
      if (found != null) {
        found.record().tags().forEach(tag -> counts.merge(tag, -1L, Long::sum));
      }
    }
    return counts;
  }
}

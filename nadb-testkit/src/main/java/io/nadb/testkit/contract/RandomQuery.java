package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofSeconds;

import io.nadb.EntryMetadata;
import io.nadb.KeyOrder;
import io.nadb.KeyValueStore;
import io.nadb.Query;
import io.nadb.Query.Order;
import io.nadb.SetOptions;
import io.nadb.TagFilter;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * A question at random, and its plain meaning.
 *
 * @param query the question
 * @param matches what is asked for
 * @param order the order
 */
record RandomQuery(Query query, Predicate<EntryMetadata> matches, Comparator<EntryMetadata> order) {
  private static final int TAGS = 4;

  /** Sets, touches or deletes some entry. */
  static void write(KeyValueStore store, Random random) {
    String key = key(random);
    int kind = random.nextInt(8);
    if (kind == 0) {
      store.delete(key);
    } else if (kind == 1) {
      store.touch(key, ofSeconds(50 + random.nextInt(100)));
    } else {
      SetOptions options =
          random.nextInt(3) == 0 ? SetOptions.ttl(ofSeconds(30)) : SetOptions.none();
      String[] tags =
          random.ints(random.nextInt(4), 0, TAGS).mapToObj(i -> "t" + i).toArray(String[]::new);
      store.set(key, utf8("v".repeat(random.nextInt(6))), options.withTags(tags));
    }
  }

  private static String key(Random random) {
    return (random.nextBoolean() ? "a" : "\ud83d\ude00") + random.nextInt(40);
  }

  static RandomQuery next(Query all, Random random, Instant now) {
    Query query = all;
    Predicate<EntryMetadata> matches = entry -> true;
    for (int i = random.nextInt(3); i > 0; i--) {
      TagFilter filter = filter(random, 3);
      query = query.tags(filter);
      matches = matches.and(entry -> filter.matches(entry.tags()));
    }
    if (random.nextInt(3) == 0) {
      String prefix = random.nextBoolean() ? "a" : "\ud83d\ude00" + random.nextInt(4);
      query = query.prefix(prefix);
      matches = matches.and(entry -> entry.key().startsWith(prefix));
    }
    if (random.nextInt(3) == 0) {
      String from = key(random);
      query = query.range(from, null);
      matches = matches.and(entry -> KeyOrder.INSTANCE.compare(entry.key(), from) >= 0);
    }
    if (random.nextInt(3) == 0) {
      String to = key(random);
      query = query.range(null, to);
      matches = matches.and(entry -> KeyOrder.INSTANCE.compare(entry.key(), to) < 0);
    }
    if (random.nextInt(3) == 0) {
      Instant time = now.minusSeconds(random.nextInt(70));
      query = query.updatedSince(time);
      matches = matches.and(entry -> !entry.updated().isBefore(time));
    }
    if (random.nextInt(4) == 0) {
      query = query.sizeBetween(2, 4);
      matches = matches.and(entry -> entry.size() >= 2 && entry.size() <= 4);
    }
    List<Order> orders = List.of(Order.values());
    Order by = orders.get(random.nextInt(orders.size()));
    Comparator<EntryMetadata> order = Comparator.comparing(EntryMetadata::key, KeyOrder.INSTANCE);
    if (by != Order.KEY) {
      Comparator<EntryMetadata> first =
          by == Order.SIZE
              ? Comparator.comparing(EntryMetadata::size)
              : Comparator.comparing(EntryMetadata::updated);
      order = first.thenComparing(order);
    }
    return random.nextBoolean()
        ? new RandomQuery(query.orderBy(by), matches, order)
        : new RandomQuery(query.orderByDescending(by), matches, order.reversed());
  }

  private static TagFilter filter(Random random, int depth) {
    String[] tags =
        random.ints(1 + random.nextInt(2), 0, TAGS).mapToObj(i -> "t" + i).toArray(String[]::new);
    return switch (random.nextInt(depth == 0 ? 3 : 6)) {
      case 0 -> TagFilter.all(tags);
      case 1 -> TagFilter.any(tags);
      case 2 -> TagFilter.none(tags);
      case 3 -> filter(random, depth - 1).and(filter(random, depth - 1));
      case 4 -> filter(random, depth - 1).or(filter(random, depth - 1));
      default -> filter(random, depth - 1).negate();
    };
  }
}

package io.nadb.internal.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.internal.redis.NearCache.Item;
import io.nadb.internal.redis.NearCache.Ticket;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearCacheTest {
  private static final String NAMESPACE = "n";

  private final NearCache cache = new NearCache(10_000);

  private static Item item(String key, int size) {
    return Item.of(new StoredEntry(key, 0, size, 1, 1, Write.NEVER, Set.of()), new byte[size]);
  }

  private Ticket begin(String key) {
    return Objects.requireNonNull(cache.begin(NAMESPACE, key, null), key);
  }

  private void put(String key, int size) {
    cache.keep(begin(key), item(key, size));
  }

  private boolean has(String key) {
    return cache.get(NAMESPACE, key) != null;
  }

  @Test
  void whatWasReadIsFoundInItsNamespaceUntilItIsForgotten() {
    put("k", 1);

    assertThat(has("k")).isTrue();
    assertThat(cache.get("other", "k")).isNull();
    cache.forget(NAMESPACE, "k");
    assertThat(has("k")).isFalse();
    assertThat(cache.bytes()).isZero();
  }

  @Test
  void whatWasForgottenWhileItWasReadIsNotKept() {
    Ticket forgotten = begin("k");
    cache.forget(NAMESPACE, "k");
    cache.keep(forgotten, item("k", 1));
    assertThat(has("k")).isFalse();

    Ticket cleared = begin("k");
    cache.clear();
    cache.keep(cleared, item("k", 1));
    assertThat(has("k")).isFalse();
  }

  @Test
  void anOldTicketDoesNotTakeThePlaceOfANewOne() {
    Ticket old = begin("k");
    cache.forget(NAMESPACE, "k");
    Ticket young = begin("k");
    cache.keep(old, item("k", 1));
    assertThat(has("k")).isFalse();
    cache.abandon(old);
    cache.keep(young, item("k", 2));
    assertThat(has("k")).isTrue();
  }

  @Test
  void onlyOneOfThoseWhoReadAKeyHasItsPlace() {
    Ticket first = begin("k");

    assertThat(cache.begin(NAMESPACE, "k", null)).isNull();
    cache.abandon(first);
    assertThat(cache.begin(NAMESPACE, "k", null)).isNotNull();
  }

  @Test
  void whatSaysTooLittleMakesRoomForTheReadThatSaysMore() {
    StoredEntry entry = new StoredEntry("k", 0, 3, 1, 1, Write.NEVER, Set.of("t"));
    cache.keep(begin("k"), Item.of(entry, null));
    Item little = Objects.requireNonNull(cache.get(NAMESPACE, "k"));
    assertThat(little.tellsValue()).isFalse();

    assertThat(cache.begin(NAMESPACE, "k", null)).as("of somebody who has not seen it").isNull();
    Ticket ticket = Objects.requireNonNull(cache.begin(NAMESPACE, "k", little));
    cache.keep(ticket, Item.of(entry, "abc".getBytes(UTF_8)));
    assertThat(Objects.requireNonNull(cache.get(NAMESPACE, "k")).tellsValue()).isTrue();
    cache.forget(NAMESPACE, "k");
    assertThat(cache.bytes()).isZero();
  }

  @Test
  void thereIsNeverMoreThanTheRoomAllowsAndWhatIsReadAgainStaysLonger() {
    IntStream.range(0, 10).forEach(i -> put("hot" + i, 100));
    for (int i = 0; i < 1000; i++) {
      IntStream.range(0, 10).forEach(hot -> assertThat(has("hot" + hot)).isTrue());
      put("once" + i, 100);
      assertThat(cache.bytes()).isLessThanOrEqualTo(10_000);
    }

    assertThat(cache.evictions()).isGreaterThan(950);
    assertThat(cache.bytes()).as("it is used").isGreaterThan(9_000);
  }

  @Test
  void whatIsNotReadAgainGoesTheOldestFirst() {
    IntStream.range(0, 100).forEach(i -> put("k" + i, 100));

    List<String> left = new ArrayList<>();
    IntStream.range(0, 100).mapToObj(i -> "k" + i).filter(this::has).forEach(left::add);
    assertThat(left).hasSizeBetween(20, 40).contains("k99").doesNotContain("k0");
    assertThat(left.get(0)).isEqualTo("k" + (100 - left.size()));
  }

  @Test
  void aValueThatTakesTooMuchRoomIsNotKept() {
    put("small", 1);
    put("large", 5_000);

    assertThat(has("large")).isFalse();
    assertThat(has("small")).isTrue();
    assertThat(cache.begin(NAMESPACE, "large", null)).as("its place is free").isNotNull();
  }

  @Test
  void anItemIsOverAtItsMomentAlsoWhereTheClockOverflows() {
    Item item = item("k", 1).until(Long.MIN_VALUE + 5);

    assertThat(item.isOverAt(Long.MAX_VALUE)).isFalse();
    assertThat(item.isOverAt(Long.MIN_VALUE + 4)).isFalse();
    assertThat(item.isOverAt(Long.MIN_VALUE + 5)).isTrue();
    assertThat(item("k", 1).isOverAt(0)).isFalse();
  }

  /** Whatever comes in whatever order, the books agree with what can be found. */
  @Test
  void theBytesAreThoseOfWhatIsThere() {
    Random random = new Random(17);
    List<Ticket> open = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      String key = "k" + random.nextInt(60);
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          Ticket ticket = cache.begin(NAMESPACE, key, cache.get(NAMESPACE, key));
          if (ticket != null) {
            open.add(ticket);
          }
        }
        case 2, 3 -> {
          if (!open.isEmpty()) {
            cache.keep(open.remove(random.nextInt(open.size())), item(key, random.nextInt(2000)));
          }
        }
        case 4 -> cache.forget(NAMESPACE, key);
        default -> {
          if (!open.isEmpty()) {
            cache.abandon(open.remove(random.nextInt(open.size())));
          }
        }
      }
      assertThat(cache.bytes()).isBetween(0L, 10_000L);
    }
    open.forEach(cache::abandon);
    IntStream.range(0, 60).forEach(i -> cache.forget(NAMESPACE, "k" + i));

    assertThat(cache.bytes()).isZero();
    IntStream.range(0, 60).forEach(i -> put("k" + i, 100));
    assertThat(cache.bytes()).as("the list is whole").isGreaterThan(9_000);
  }
}

package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.FlushCause;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.NamespaceStats;
import io.nadb.SetOptions;
import io.nadb.StoreStats;
import io.nadb.testkit.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Namespaces and databases see nothing of each other. */
interface NamespaceContract extends Fixture {

  /** What joins, escapes and normalises badly. */
  List<String> NAMES =
      List.of(
          "a",
          "a:b",
          "b",
          "b:c",
          "c",
          "a/b",
          "a\\b",
          "A",
          " ",
          "a ",
          "%",
          "%41",
          "a%3Ab",
          "\u00e4",
          "a\u0308",
          "\ud83d\ude00",
          "a,b",
          "a\nb",
          "...",
          "default ");

  @Test
  @Requires(Capability.TAGS)
  default void namespacesAreIsolatedWhateverTheirNames() {
    whereverItIsSound(
        place -> {
          List<KeyValueStore> stores = new ArrayList<>();
          for (String name : NAMES) {
            KeyValueStore store = namespace(name);
            stores.add(store);
            NAMES.forEach(key -> store.set(key, utf8(name + "|" + key), SetOptions.tags(name)));
          }
          place.settle(this);

          for (int i = 0; i < NAMES.size(); i++) {
            KeyValueStore store = stores.get(i);
            for (String key : NAMES) {
              assertThat(text(store, key)).contains(NAMES.get(i) + "|" + key);
            }
            assertThat(store.keys("")).hasSize(NAMES.size());
            assertThat(store.tags()).isEqualTo(Map.of(NAMES.get(i), (long) NAMES.size()));
          }
          stores.get(0).delete("a");
          assertThat(stores.get(1).contains("a")).isTrue();
        });
  }

  @Test
  default void eachNamespaceHasCountsOfItsOwnWhicheverHandleIsUsed() {
    KeyValueStore books = namespace("books");
    KeyValueStore users = namespace("users");
    books.set("a", utf8("v"));
    books.get("a");
    books.get("gone");
    books.get("gone");
    users.setIfAbsent("a", utf8("v"));
    users.setIfAbsent("a", utf8("w"));
    users.set("b", utf8("v"), SetOptions.none().keepingTags());
    users.getAll(List.of("a", "b", "gone"));
    users.delete("a");
    users.delete("gone");
    try (KeyValueStore again = store().namespace("users")) {
      again.increment("n", 1);
      again.delete("n", utf8("1"));
    }

    assertThat(books.namespaceStats())
        .isEqualTo(NamespaceStats.builder().sets(1).hits(1).misses(2).build());
    assertThat(users.namespaceStats())
        .isEqualTo(NamespaceStats.builder().sets(3).deletes(2).hits(2).misses(1).build());
    assertThat(store().namespaceStats()).isEqualTo(NamespaceStats.builder().build());
    StoreStats stats = store().stats();
    assertThat(List.of(stats.sets(), stats.deletes(), stats.hits(), stats.misses()))
        .containsExactly(4L, 2L, 3L, 3L);
  }

  @Test
  default void whatIsClearedCountsForItsNamespace() {
    KeyValueStore books = namespace("books");
    KeyValueStore users = namespace("users");
    books.set("a", utf8("v"));
    books.set("b", utf8("v"));
    users.set("a", utf8("v"));
    books.clear();

    assertThat(books.namespaceStats().deletes()).isEqualTo(2);
    assertThat(users.namespaceStats().deletes()).isZero();
    books.close();
    assertThat(books.namespaceStats().sets()).isEqualTo(2);
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void aTransactionCountsForTheNamespacesThatItWritesTo() {
    KeyValueStore books = namespace("{p}books");
    KeyValueStore users = namespace("{p}users");
    users.set("{p}old", utf8("v"));
    books.transaction(
        transaction -> {
          transaction.set("{p}a", utf8("v"));
          transaction.set("{p}b", utf8("v"));
          transaction.namespace("{p}users").set("{p}a", utf8("v"));
          return transaction.namespace("{p}users").delete("{p}old");
        });

    assertThat(books.namespaceStats()).isEqualTo(NamespaceStats.builder().sets(2).build());
    assertThat(users.namespaceStats())
        .isEqualTo(NamespaceStats.builder().sets(2).deletes(1).build());
  }

  @Test
  default void databasesAreIsolatedWhateverTheirNames() {
    List<KeyValueStore> stores = new ArrayList<>();
    for (String name : NAMES) {
      KeyValueStore store = openDatabase(name);
      stores.add(store);
      store.set("k", utf8(name));
      store.flush();
    }
    for (int i = 0; i < NAMES.size(); i++) {
      assertThat(text(stores.get(i), "k")).contains(NAMES.get(i));
      expectKeys(stores.get(i), 1);
    }
  }

  @Test
  @Requires({Capability.TAGS, Capability.BUFFER})
  default void clearRemovesItsNamespaceAndNoOther() {
    whereverItIsSound(
        place -> {
          KeyValueStore other = namespace("other");
          store().set("flushed", utf8("v"), SetOptions.tags("t"));
          other.set("flushed", utf8("v"), SetOptions.tags("t"));
          place.settle(this);
          store().set("buffered", utf8("v"), SetOptions.tags("t"));
          other.set("buffered", utf8("v"), SetOptions.tags("t"));
          long before = store().stats().sequence();
          store().clear();

          assertThat(store().keys("")).isEmpty();
          assertThat(store().tags()).isEmpty();
          assertThat(store().queryByTags("t")).isEmpty();
          assertThat(store().get("buffered")).isEmpty();
          assertThat(other.keys("")).containsExactly("buffered", "flushed");
          assertThat(other.tags()).isEqualTo(Map.of("t", 2L));
          expectKeys(store(), 2);
          assertThat(store().stats().deletes()).isEqualTo(2);
          assertThat(store().durableSequence()).isEqualTo(before + 2);
          assertThat(store().stats().bufferedKeys()).isZero();
          assertThat(store().stats().lastFlushCause()).contains(FlushCause.EXPLICIT);
        });
  }

  @Test
  @Requires(Capability.BUFFER)
  default void clearIsOneCut() {
    for (int i = 0; i < 100; i++) {
      store().set("k" + i, utf8("v"));
    }
    store().flush();
    long flushes = store().stats().flushCount();
    long keys = store().stats().flushedKeys();
    store().clear();

    assertThat(store().stats().flushCount()).isEqualTo(flushes + 1);
    assertThat(store().stats().flushedKeys()).isEqualTo(keys + 100);
  }

  @Test
  default void clearingNothingWritesNothing() {
    store().clear();
    namespace("other").set("k", utf8("v"));
    store().clear();

    assertThat(store().stats().sequence()).isEqualTo(1);
    assertThat(namespace("other").contains("k")).isTrue();
  }

  @Test
  @Requires(Capability.TAGS)
  default void aClearedKeyCanBeSetAnew() {
    store().set("k", utf8("old"), SetOptions.tags("t"));
    store().flush();
    store().clear();
    pass(java.time.Duration.ofSeconds(1));
    store().set("k", utf8("new"));

    assertThat(text(store(), "k")).contains("new");
    assertThat(store().metadata("k").orElseThrow().created()).isEqualTo(now());
  }

  @Test
  @Requires(Capability.BUFFER)
  default void aClearThatCannotFlushWhatIsBufferedChangesNothing() {
    store().set("a", utf8("v"));
    store().flush();
    store().set("b", utf8("v"));
    fail("no space");

    assertThatThrownBy(() -> store().clear()).isInstanceOf(NadbException.class);
    assertThat(store().keys("")).containsExactly("a", "b");
    heal();
    store().flush();
    assertThat(store().keys("")).containsExactly("a", "b");
  }

  @Test
  @Requires(Capability.BUFFER)
  default void aClearWhoseOwnCutFailsIsRetried() {
    store().set("a", utf8("v"));
    store().flush();
    store().set("b", utf8("v"));
    harness().faults().on(Operation.APPLY).nth(2).always().fail(new IOException("no space"));

    assertThatThrownBy(() -> store().clear()).isInstanceOf(NadbException.class);
    assertThat(store().keys("")).isEmpty();
    expectKeys(store(), 2);
    heal();
    store().flush();
    assertThat(store().keys("")).isEmpty();
    expectKeys(store(), 0);
  }
}

package io.nadb.contract;

import static io.nadb.testing.Bytes.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.EntryMetadata;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code created} survives overwrites, and nothing else. */
interface CreationContract extends Fixture {

  @ParameterizedTest
  @EnumSource
  default void createdSurvivesAnOverwriteWhereverTheOldEntryIs(Place place) {
    Instant first = now();
    store().set("k", utf8("v"));
    place.settle(this);
    pass(ofSeconds(1));
    store().set("k", utf8("w"));

    expectCreated("k", first, now());
    faults().heal();
    store().flush();
    expectCreated("k", first, now());
  }

  @ParameterizedTest
  @EnumSource
  default void createdSurvivesASetThatKeepsTags(Place place) {
    Instant first = now();
    store().set("k", utf8("v"), SetOptions.tags("t"));
    place.settle(this);
    pass(ofSeconds(1));
    store().set("k", utf8("w"), SetOptions.none().keepingTags());

    expectCreated("k", first, now());
    faults().heal();
    store().flush();
    expectCreated("k", first, now());
    assertThat(store().queryByTags("t").get(0).created()).isEqualTo(first);
  }

  @ParameterizedTest
  @EnumSource
  default void createdSurvivesManyOverwritesOnBothSidesOfAFlush(Place place) {
    Instant first = now();
    store().set("k", utf8("1"));
    store().flush();
    pass(ofSeconds(1));
    store().set("k", utf8("2"));
    pass(ofSeconds(1));
    store().set("k", utf8("3"));
    place.settle(this);
    pass(ofSeconds(1));
    store().set("k", utf8("4"));
    expectCreated("k", first, now());
    faults().heal();
    store().flush();
    expectCreated("k", first, now());
  }

  @ParameterizedTest
  @EnumSource
  default void aDeletedKeyComesIntoBeingAnew(Place place) {
    store().set("k", utf8("v"));
    place.settle(this);
    pass(ofSeconds(1));
    store().delete("k");
    pass(ofSeconds(1));
    store().set("k", utf8("w"));

    expectCreated("k", now(), now());
    faults().heal();
    store().flush();
    expectCreated("k", now(), now());
  }

  @ParameterizedTest
  @EnumSource
  default void aKeyComesIntoBeingAnewWhereverItsDeletionIs(Place place) {
    store().set("k", utf8("v"));
    store().flush();
    store().delete("k");
    place.settle(this);
    pass(ofSeconds(1));
    Instant second = now();
    store().set("k", utf8("w"));
    expectCreated("k", second, second);
    pass(ofSeconds(1));
    store().set("k", utf8("x"));

    expectCreated("k", second, now());
    faults().heal();
    store().flush();
    expectCreated("k", second, now());
  }

  @ParameterizedTest
  @EnumSource
  default void anExpiredKeyComesIntoBeingAnew(Place place) {
    store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(1)));
    place.settle(this);
    pass(ofSeconds(1));
    Instant second = now();
    store().set("k", utf8("w"));
    expectCreated("k", second, second);
    pass(ofSeconds(1));
    store().set("k", utf8("x"));

    expectCreated("k", second, now());
    faults().heal();
    store().flush();
    expectCreated("k", second, now());
  }

  @ParameterizedTest
  @EnumSource
  default void createdSurvivesAnOverwriteJustBeforeExpiry(Place place) {
    Instant first = now();
    store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(1)));
    place.settle(this);
    pass(ofSeconds(1).minusMillis(1));
    store().set("k", utf8("w"));
    pass(ofSeconds(5));

    expectCreated("k", first, first.plusMillis(999));
    faults().heal();
    store().flush();
    expectCreated("k", first, first.plusMillis(999));
  }

  @Test
  default void createdSurvivesAFlushThatIsRetriedMoreThanOnce() {
    Instant first = now();
    store().set("k", utf8("1"));
    store().flush();
    faults().fail("no space");
    for (int i = 2; i < 5; i++) {
      pass(ofSeconds(1));
      store().set("k", utf8("" + i));
      assertThatThrownBy(() -> store().flush()).isInstanceOf(NadbException.class);
      expectCreated("k", first, now());
    }
    faults().heal();
    store().flush();
    expectCreated("k", first, now());
  }

  @Test
  default void aDeletionInAFailedFlushEndsTheOldLife() {
    store().set("k", utf8("1"));
    store().flush();
    faults().fail("no space");
    store().delete("k");
    assertThatThrownBy(() -> store().flush()).isInstanceOf(NadbException.class);
    pass(ofSeconds(1));
    Instant second = now();
    store().set("k", utf8("2"));
    assertThatThrownBy(() -> store().flush()).isInstanceOf(NadbException.class);
    pass(ofSeconds(1));
    store().set("k", utf8("3"));
    expectCreated("k", second, now());
    faults().heal();
    store().flush();
    expectCreated("k", second, now());
  }

  private void expectCreated(String key, Instant created, Instant updated) {
    EntryMetadata metadata = store().metadata(key).orElseThrow();
    assertThat(metadata.created()).as("created").isEqualTo(created);
    assertThat(metadata.updated()).as("updated").isEqualTo(updated);
  }
}

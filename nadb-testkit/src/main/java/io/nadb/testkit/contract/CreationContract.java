package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.EntryMetadata;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** {@code created} survives overwrites, and nothing else. */
interface CreationContract extends Fixture {

  @Test
  default void createdSurvivesAnOverwriteWhereverTheOldEntryIs() {
    wherever(
        place -> {
          Instant first = now();
          store().set("k", utf8("v"));
          place.settle(this);
          pass(ofSeconds(1));
          store().set("k", utf8("w"));

          expectCreated("k", first, now());
          heal();
          store().flush();
          expectCreated("k", first, now());
        });
  }

  @Test
  @Requires(Capability.TAGS)
  default void createdSurvivesASetThatKeepsTags() {
    wherever(
        place -> {
          Instant first = now();
          store().set("k", utf8("v"), SetOptions.tags("t"));
          place.settle(this);
          pass(ofSeconds(1));
          store().set("k", utf8("w"), SetOptions.none().keepingTags());

          expectCreated("k", first, now());
          heal();
          store().flush();
          expectCreated("k", first, now());
          assertThat(store().queryByTags("t").get(0).created()).isEqualTo(first);
        });
  }

  @Test
  default void createdSurvivesManyOverwritesOnBothSidesOfAFlush() {
    wherever(
        place -> {
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
          heal();
          store().flush();
          expectCreated("k", first, now());
        });
  }

  @Test
  default void aDeletedKeyComesIntoBeingAnew() {
    wherever(
        place -> {
          store().set("k", utf8("v"));
          place.settle(this);
          pass(ofSeconds(1));
          store().delete("k");
          pass(ofSeconds(1));
          store().set("k", utf8("w"));

          expectCreated("k", now(), now());
          heal();
          store().flush();
          expectCreated("k", now(), now());
        });
  }

  @Test
  default void aKeyComesIntoBeingAnewWhereverItsDeletionIs() {
    wherever(
        place -> {
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
          heal();
          store().flush();
          expectCreated("k", second, now());
        });
  }

  @Test
  @Requires(Capability.TTL)
  default void anExpiredKeyComesIntoBeingAnew() {
    wherever(
        place -> {
          store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(1)));
          place.settle(this);
          pass(ofSeconds(1));
          Instant second = now();
          store().set("k", utf8("w"));
          expectCreated("k", second, second);
          pass(ofSeconds(1));
          store().set("k", utf8("x"));

          expectCreated("k", second, now());
          heal();
          store().flush();
          expectCreated("k", second, now());
        });
  }

  @Test
  @Requires({Capability.TTL, Capability.SWEPT_EXPIRY})
  default void createdSurvivesAnOverwriteJustBeforeExpiry() {
    wherever(
        place -> {
          Instant first = now();
          store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(1)));
          place.settle(this);
          pass(ofSeconds(1).minusMillis(1));
          store().set("k", utf8("w"));
          pass(ofSeconds(5));

          expectCreated("k", first, first.plusMillis(999));
          heal();
          store().flush();
          expectCreated("k", first, first.plusMillis(999));
        });
  }

  @Test
  @Requires(Capability.BUFFER)
  default void createdSurvivesAFlushThatIsRetriedMoreThanOnce() {
    Instant first = now();
    store().set("k", utf8("1"));
    store().flush();
    fail("no space");
    for (int i = 2; i < 5; i++) {
      pass(ofSeconds(1));
      store().set("k", utf8("" + i));
      assertThatThrownBy(() -> store().flush()).isInstanceOf(NadbException.class);
      expectCreated("k", first, now());
    }
    heal();
    store().flush();
    expectCreated("k", first, now());
  }

  @Test
  @Requires(Capability.BUFFER)
  default void aDeletionInAFailedFlushEndsTheOldLife() {
    store().set("k", utf8("1"));
    store().flush();
    fail("no space");
    store().delete("k");
    assertThatThrownBy(() -> store().flush()).isInstanceOf(NadbException.class);
    pass(ofSeconds(1));
    Instant second = now();
    store().set("k", utf8("2"));
    assertThatThrownBy(() -> store().flush()).isInstanceOf(NadbException.class);
    pass(ofSeconds(1));
    store().set("k", utf8("3"));
    expectCreated("k", second, now());
    heal();
    store().flush();
    expectCreated("k", second, now());
  }

  private void expectCreated(String key, Instant created, Instant updated) {
    EntryMetadata metadata = store().metadata(key).orElseThrow();
    assertThat(metadata.created()).as("created").isEqualTo(created);
    assertThat(metadata.updated()).as("updated").isEqualTo(updated);
  }
}

package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import org.junit.jupiter.api.Test;

/** What has expired is removed: by the sweep everywhere, by {@code cleanupExpired} in one place. */
interface SweepContract extends Fixture {

  @Test
  @Requires(Capability.TTL)
  default void theSweepRemovesWhatHasExpired() {
    KeyValueStore store = open("flush=off", "sweep=60s");
    store.set("short", utf8("v"), SetOptions.ttl(ofSeconds(10)));
    store.set("long", utf8("v"), SetOptions.ttl(ofSeconds(61)));
    store.set("ever", utf8("v"));
    store.flush();
    pass(ofSeconds(60).minusMillis(1));
    assertThat(store.stats().expired()).isZero();
    expectKeys(store, 3);

    pass(ofSeconds(0).plusMillis(1));
    assertThat(store.stats().expired()).isEqualTo(1);
    store.flush();
    expectKeys(store, 2);
    assertThat(store.keys("")).containsExactly("ever", "long");
    pass(ofSeconds(60));
    assertThat(store.stats().expired()).isEqualTo(2);
    assertThat(store.stats().deletes()).as("users removed nothing").isZero();
  }

  @Test
  @Requires({Capability.TTL, Capability.BUFFER})
  default void theSweepRemovesWhatExpiredInTheBuffer() {
    KeyValueStore store = open("flush=off", "sweep=60s");
    store.set("short", utf8("v"), SetOptions.ttl(ofSeconds(10)));
    pass(ofSeconds(60));

    assertThat(store.stats().expired()).isEqualTo(1);
    store.flush();
    expectKeys(store, 0);
  }

  @Test
  @Requires({Capability.TTL, Capability.BUFFER, Capability.SWEPT_EXPIRY})
  default void theSweepLeavesAKeyThatWasSetAnew() {
    KeyValueStore store = open("flush=off", "sweep=60s");
    store.set("flushed", utf8("old"), SetOptions.ttl(ofSeconds(10)));
    store.flush();
    store.set("buffered", utf8("old"), SetOptions.ttl(ofSeconds(10)));
    pass(ofSeconds(20));
    store.set("flushed", utf8("new"));
    store.set("buffered", utf8("new"), SetOptions.ttl(ofSeconds(100)));
    pass(ofSeconds(40));

    assertThat(store.stats().expired()).isZero();
    assertThat(text(store, "flushed")).contains("new");
    assertThat(text(store, "buffered")).contains("new");
    store.flush();
    pass(ofSeconds(59));
    assertThat(store.keys("")).containsExactly("buffered", "flushed");
  }

  @Test
  @Requires(Capability.TTL)
  default void theSweepServesAllNamespacesAndKeepsTheirLiveKeys() {
    KeyValueStore one = open("flush=off", "sweep=60s", "namespace=one");
    KeyValueStore two = openNamespace(one, "two");
    one.set("same", utf8("v"), SetOptions.ttl(ofSeconds(10)));
    two.set("same", utf8("kept"));
    two.set("gone", utf8("v"), SetOptions.ttl(ofSeconds(10)));
    one.flush();
    pass(ofSeconds(60));

    assertThat(one.stats().expired()).isEqualTo(2);
    assertThat(text(two, "same")).contains("kept");
    one.flush();
    expectKeys(one, 1);
    assertThat(text(two, "same")).contains("kept");
  }

  @Test
  @Requires(Capability.TTL)
  default void oneSweepRemovesAnyNumber() {
    for (int count : new int[] {999, 1000, 1001, 2500}) {
      KeyValueStore store = open("flush=off", "sweep=60s");
      fill(store, count);
      store.flush();
      pass(ofSeconds(60));

      assertThat(store.stats().expired()).isEqualTo(count);
      store.flush();
      expectKeys(store, 1);
      assertThat(text(store, "kept")).contains("v");
    }
  }

  @Test
  @Requires({Capability.TTL, Capability.SWEPT_EXPIRY, Capability.KEY_COUNT})
  default void sweepOffRemovesNothingByItself() {
    KeyValueStore store = open("flush=off", "sweep=off");
    store.set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)));
    store.flush();
    pass(ofDays(1));

    assertThat(store.stats().expired()).isZero();
    expectKeys(store, 1);
    assertThat(store.contains("k")).isFalse();
  }

  @Test
  @Requires({Capability.TTL, Capability.SWEPT_EXPIRY})
  default void cleanupTellsHowManyItRemoved() {
    wherever(
        place -> {
          store().set("a", utf8("v"), SetOptions.ttl(ofSeconds(10)));
          store().set("b", utf8("v"), SetOptions.ttl(ofSeconds(10)));
          store().set("c", utf8("v"), SetOptions.ttl(ofSeconds(11)));
          store().set("d", utf8("v"));
          place.settle(this);
          pass(ofSeconds(10));
          heal();
          if (place == Place.SEALED) {
            store().flush();
          }

          assertThat(store().cleanupExpired()).isEqualTo(2);
          assertThat(store().cleanupExpired()).isZero();
          store().flush();
          assertThat(store().cleanupExpired()).isZero();
          assertThat(store().keys("")).containsExactly("c", "d");
          assertThat(store().stats().expired()).isEqualTo(2);
          expectKeys(store(), 2);
        });
  }

  @Test
  @Requires({Capability.TTL, Capability.SWEPT_EXPIRY})
  default void cleanupActsOnItsOwnNamespaceOnly() {
    whereverItIsSound(
        place -> {
          KeyValueStore other = namespace("other");
          for (KeyValueStore store : new KeyValueStore[] {store(), other}) {
            store.set("same", utf8("v"), SetOptions.ttl(ofSeconds(10)));
          }
          other.set("live", utf8("v"));
          place.settle(this);
          pass(ofSeconds(10));

          assertThat(store().cleanupExpired()).isEqualTo(1);
          store().flush();
          expectKeys(store(), 2);
          assertThat(other.cleanupExpired()).isEqualTo(1);
          assertThat(other.keys("")).containsExactly("live");
        });
  }

  @Test
  @Requires(Capability.TTL)
  default void cleanupRemovesMoreThanAThousand() {
    whereverItIsSound(
        place -> {
          fill(store(), 2500);
          place.settle(this);
          pass(ofSeconds(10));

          assertThat(store().cleanupExpired()).isEqualTo(2500);
          assertThat(store().cleanupExpired()).isZero();
          store().flush();
          expectKeys(store(), 1);
        });
  }

  @Test
  @Requires({Capability.TTL, Capability.SWEPT_EXPIRY})
  default void cleanupRemovesAnExpiredOverwriteTogetherWithWhatItCovers() {
    store().set("k", utf8("old"), SetOptions.ttl(ofSeconds(1)));
    store().flush();
    store().set("k", utf8("new"), SetOptions.ttl(ofSeconds(1)));
    pass(ofSeconds(1));

    assertThat(store().cleanupExpired()).isEqualTo(1);
    store().flush();
    expectKeys(store(), 0);
    assertThat(store().get("k")).isEmpty();
  }

  private static void fill(KeyValueStore store, int count) {
    for (int i = 0; i < count; i++) {
      store.set("k" + i, utf8("v"), SetOptions.ttl(ofSeconds(10)));
    }
    store.set("kept", utf8("v"));
  }
}

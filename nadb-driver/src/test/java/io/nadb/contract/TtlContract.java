package io.nadb.contract;

import static io.nadb.testing.Bytes.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.EntryMetadata;
import io.nadb.SetOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An entry is gone at {@code now >= expiresAt}, in every method, before any sweep. */
interface TtlContract extends Fixture {

  @ParameterizedTest
  @EnumSource
  default void anEntryIsThereOneMillisecondBeforeItExpires(Place place) {
    store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)).withTags("t"));
    var expiresAt = now().plusSeconds(10);
    place.settle(this);
    pass(ofSeconds(10).minusMillis(1));

    assertThat(store().get("k")).isPresent();
    assertThat(store().contains("k")).isTrue();
    assertThat(store().metadata("k").flatMap(EntryMetadata::expiresAt)).contains(expiresAt);
    assertThat(store().keys("")).containsExactly("k");
    assertThat(store().queryByTags("t")).extracting(EntryMetadata::key).containsExactly("k");
    assertThat(store().tags()).isEqualTo(Map.of("t", 1L));
    assertThat(store().delete("k")).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  default void anEntryIsGoneTheMomentItExpires(Place place) {
    store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)).withTags("t"));
    place.settle(this);
    pass(ofSeconds(10));
    expectGone();
  }

  @ParameterizedTest
  @EnumSource
  default void anEntryIsGoneAfterItHasExpired(Place place) {
    store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)).withTags("t"));
    place.settle(this);
    pass(ofSeconds(10).plusMillis(1));
    expectGone();
  }

  @ParameterizedTest
  @EnumSource
  default void anExpiredOverwriteDoesNotUncoverTheOldEntry(Place place) {
    store().set("k", utf8("old"), SetOptions.tags("t"));
    place.settle(this);
    store().set("k", utf8("new"), SetOptions.ttl(ofSeconds(1)).withTags("t"));
    pass(ofSeconds(1));
    expectGone();
    faults().heal();
    store().flush();
    expectGone();
  }

  private void expectGone() {
    long sequence = store().stats().sequence();

    assertThat(store().get("k")).isEmpty();
    assertThat(store().contains("k")).isFalse();
    assertThat(store().metadata("k")).isEmpty();
    assertThat(store().keys("")).isEmpty();
    assertThat(store().keys("k")).isEmpty();
    assertThat(store().queryByTags("t")).isEmpty();
    assertThat(store().tags()).isEmpty();
    assertThat(store().delete("k")).isFalse();
    assertThat(store().stats().sequence()).as("nothing is written").isEqualTo(sequence);
    assertThat(store().stats().deletes()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  default void aTtlIsRoundedUpToTheMillisecond(Place place) {
    pass(Duration.ofNanos(300));
    store().set("a", utf8("v"), SetOptions.ttl(Duration.ofNanos(1)));
    store().set("b", utf8("v"), SetOptions.ttl(Duration.ofNanos(1_000_001)));
    place.settle(this);

    assertThat(store().contains("a")).isTrue();
    pass(Duration.ofNanos(999_699));
    assertThat(store().contains("a")).isTrue();
    pass(Duration.ofNanos(1));
    assertThat(store().contains("a")).isFalse();
    assertThat(store().contains("b")).isTrue();
    pass(Duration.ofMillis(1));
    assertThat(store().contains("b")).isFalse();
  }

  @Test
  default void entriesExpireEachAtItsOwnTime() {
    for (int i = 1; i <= 5; i++) {
      store().set("k" + i, utf8("v"), SetOptions.ttl(ofSeconds(i)).withTags("t"));
      if (i == 3) {
        store().flush();
      }
    }
    for (int i = 1; i <= 5; i++) {
      assertThat(store().keys("")).hasSize(6 - i);
      assertThat(store().tags()).isEqualTo(Map.of("t", 6L - i));
      pass(ofSeconds(1));
    }
    assertThat(store().keys("")).isEmpty();
    assertThat(store().tags()).isEmpty();
  }

  @Test
  default void aSetAnewBeforeExpiryCountsFromThen() {
    store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)));
    pass(ofSeconds(9));
    store().set("k", utf8("w"), SetOptions.ttl(ofSeconds(10)));
    store().flush();
    pass(ofSeconds(9));
    assertThat(store().contains("k")).isTrue();
    pass(ofSeconds(1));
    assertThat(store().contains("k")).isFalse();
  }

  @Test
  default void aTtlOfManyYearsIsKept() {
    Duration ttl = Duration.ofDays(365_000);
    store().set("k", utf8("v"), SetOptions.ttl(ttl));
    store().flush();

    assertThat(store().metadata("k").flatMap(EntryMetadata::expiresAt)).contains(now().plus(ttl));
    assertThat(List.of(store().contains("k"), store().cleanupExpired())).containsExactly(true, 0);
  }
}

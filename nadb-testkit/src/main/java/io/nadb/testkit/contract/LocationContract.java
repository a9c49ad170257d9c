package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.random;
import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.ChangeKind;
import io.nadb.KeyValueStore;
import io.nadb.StoreCapability;
import io.nadb.backup.Backup;
import io.nadb.backup.Backups;
import io.nadb.backup.StoreCheck;
import io.nadb.feed.ChangeFeed;
import io.nadb.feed.FeedCut;
import io.nadb.maintenance.Compaction;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * What is done with a store as a whole, from outside: it is backed up, compacted or followed as its
 * {@link KeyValueStore#capabilities()} say, or refuses by name.
 */
interface LocationContract extends Fixture {

  /** The store itself, whatever stands before it: what is not of a {@link KeyValueStore}. */
  private KeyValueStore whole() {
    return JoinedCalls.behind(store());
  }

  /** Whether the store says that it can; if it does not, the call has to be refused. */
  private boolean says(StoreCapability capability, ThrowingCallable call) {
    boolean can = whole().capabilities().contains(capability);
    if (!can) {
      assertThatThrownBy(call)
          .as("without " + capability)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("store " + store().name())
          .hasMessageContaining("nadb:fs:");
      assertThat(text(store(), "key")).as("all goes on").contains("value");
    }
    return can;
  }

  @Test
  default void aStoreIsBackedUpAndCheckedOrRefusesBoth() {
    Backups backups = Backups.at(harness().directory().resolve("backups"));
    store().set("key", utf8("value"));
    namespace("other").set("key", random(100_000));
    boolean can = says(StoreCapability.BACKUPS, () -> backups.create(whole()));
    if (!can) {
      says(StoreCapability.BACKUPS, () -> StoreCheck.of(whole()).run());
      assertThat(backups.list()).isEmpty();
      return;
    }
    Backup backup = backups.create(whole());
    assertThat(backup.sequence()).as("flushed").isEqualTo(store().stats().durableSequence());
    backup.verify();
    store().set("key", utf8("later"));
    StoreCheck.Result checked = StoreCheck.of(whole()).run();
    assertThat(checked.sequence()).isEqualTo(store().stats().sequence());
    assertThat(checked.bytes()).isGreaterThan(100_000);
    assertThat(backups.list()).hasSize(1);
    assertThat(text(store(), "key")).contains("later");
  }

  @Test
  default void aStoreIsCompactedOnDemandOrRefusesIt() throws InterruptedException {
    store().set("key", utf8("value"));
    for (int round = 0; round < 4; round++) {
      namespace("other").set("large", random(50_000 + round));
      store().flush();
    }
    if (!says(StoreCapability.COMPACTION, () -> Compaction.of(whole()).run())) {
      return;
    }
    Compaction.of(whole()).run();

    if (!whole().capabilities().contains(StoreCapability.HISTORY)) {
      assertThat(store().stats().totalBytes()).as("with what is current").isLessThan(100_000);
      assertThat(store().stats().compactions()).isPositive();
    }
    assertThat(text(store(), "key")).contains("value");
    assertThat(namespace("other").get("large")).contains(random(50_003));
  }

  @Test
  default void aStoreIsFollowedOrRefusesIt() throws InterruptedException {
    store().set("key", utf8("value"));
    if (!says(StoreCapability.CHANGES, () -> ChangeFeed.bookmark(whole()))) {
      says(StoreCapability.CHANGES, () -> ChangeFeed.of(whole(), "1-any-0"));
      assertThat(store().stats().openFeeds()).isZero();
      return;
    }
    store().flush();
    try (ChangeFeed feed = ChangeFeed.of(whole(), ChangeFeed.bookmark(whole()))) {
      assertThat(feed.poll(Duration.ZERO)).isEmpty();
      assertThat(store().stats().openFeeds()).isEqualTo(1);
      store().set("key", utf8("later"));
      store().flush();
      assertThat(store().stats().feedLag()).isEqualTo(1);
      List<FeedCut> cuts = feed.poll(Duration.ZERO).stream().toList();
      assertThat(cuts)
          .singleElement()
          .satisfies(cut -> assertThat(cut.sequence()).isEqualTo(store().stats().sequence()))
          .satisfies(
              cut ->
                  assertThat(cut.changes())
                      .singleElement()
                      .satisfies(
                          change -> {
                            assertThat(change.key()).isEqualTo("key");
                            assertThat(change.kind()).isEqualTo(ChangeKind.SET);
                            assertThat(text(change.value())).isEqualTo("later");
                          }));
      assertThat(store().stats().feedLag()).isZero();
    }
    assertThat(store().stats().openFeeds()).isZero();
  }
}

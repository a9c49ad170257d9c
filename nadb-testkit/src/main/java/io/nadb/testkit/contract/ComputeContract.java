package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.EntryMetadata;
import io.nadb.SetOptions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Values that a function makes of the values before. */
interface ComputeContract extends Fixture {

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void computeReplacesInPlace() {
    whereverItMayChange(
        place -> {
          SetOptions all = SetOptions.ttl(ofSeconds(100)).withTags("a", "b");
          Instant created = now();
          store().set("k", utf8("v"), all);
          place.settle(this);
          pass(ofSeconds(1));

          assertThat(
                  store()
                      .compute("k", value -> value.map(v -> utf8(Fixture.text(v) + "w")))
                      .map(Fixture::text))
              .contains("vw");
          for (int i = 0; i < 2; i++) {
            assertThat(text(store(), "k")).contains("vw");
            assertThat(store().metadata("k"))
                .contains(
                    new EntryMetadata(
                        "k",
                        2,
                        created,
                        now(),
                        Optional.of(created.plusSeconds(100)),
                        Set.of("a", "b")));
            heal();
            store().flush();
          }
        });
  }

  @Test
  default void computeMakesAndRemovesEntries() {
    whereverItMayChange(
        place -> {
          assertThat(store().compute("k", value -> Optional.empty())).isEmpty();
          assertThat(store().contains("k")).isFalse();
          assertThat(store().compute("k", value -> Optional.of(utf8("v" + value.isPresent()))))
              .isPresent();
          place.settle(this);
          assertThat(text(store(), "k")).contains("vfalse");
          assertThat(store().compute("k", value -> Optional.empty())).isEmpty();
          assertThat(store().contains("k")).isFalse();
        });
  }

  @Test
  default void computeRunsAgainIfTheValueHasChangedMeanwhile() {
    whereverItMayChange(
        place -> {
          store().set("k", utf8("0"));
          place.settle(this);
          int[] runs = new int[1];
          store()
              .compute(
                  "k",
                  value -> {
                    if (runs[0]++ == 0) {
                      store().set("k", utf8("5"));
                    }
                    return value.map(v -> utf8(Fixture.text(v) + "!"));
                  });

          assertThat(runs[0]).isEqualTo(2);
          assertThat(text(store(), "k")).contains("5!");
        });
  }

  @Test
  default void whatAFunctionThrowsPassesThroughAndNothingIsWritten() {
    store().set("k", utf8("v"));
    assertThatThrownBy(
            () ->
                store()
                    .compute(
                        "k",
                        value -> {
                          throw new UnsupportedOperationException("mine");
                        }))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("mine");
    assertThatThrownBy(() -> store().compute("k", value -> null))
        .isInstanceOf(NullPointerException.class);

    assertThat(text(store(), "k")).contains("v");
    assertThat(store().stats().sequence()).isEqualTo(1);
  }

  @Test
  default void whatAFunctionDoesToItsArgumentChangesNothing() {
    whereverItMayChange(
        place -> {
          store().set("k", utf8("v"));
          place.settle(this);
          store()
              .compute(
                  "k",
                  value -> {
                    value.orElseThrow()[0] = 'x';
                    return Optional.of(utf8("w"));
                  });

          assertThat(text(store(), "k")).contains("w");
        });
  }
}

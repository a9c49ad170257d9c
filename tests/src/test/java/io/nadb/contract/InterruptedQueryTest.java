package io.nadb.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.Query;
import io.nadb.Query.Order;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A query that takes long ends when its thread is interrupted, and one that doesn't is answered.
 */
class InterruptedQueryTest {
  private static final int KEYS = 70_000;

  @TempDir Path temp;
  private final StoreRegistry registry = StoreRegistry.create(new VirtualTime());

  @AfterEach
  void close() {
    Thread.interrupted();
    registry.close();
  }

  private static void fill(KeyValueStore store) {
    for (int i = 0; i < KEYS; i++) {
      store.set("key" + i, "v".getBytes(UTF_8), SetOptions.tags("t"));
    }
    store.set("other", "v".getBytes(UTF_8), SetOptions.tags("rare"));
    store.flush();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nadb:fs:DIR?metadata=none&flush=off", "nadb:mem:interrupted"})
  void aLongSearchEndsAndAShortOneIsAnswered(String url) {
    try (KeyValueStore store = registry.open(url.replace("DIR", temp.toString()))) {
      fill(store);
      for (int i = 0; i < 4; i++) {
        assertThat(store.query().count()).isEqualTo(KEYS + 1); // From the fourth on by sorted keys.
      }
      Query nothing = store.query().sizeBetween(2, 9);
      Query tagged = store.query().allTags("t");
      List<ThrowingCallable> searches =
          List.of(
              () -> nothing.count(),
              () -> nothing.limit(1).page(),
              () -> nothing.explain(),
              () -> nothing.orderBy(Order.UPDATED).limit(1).keys(),
              () -> tagged.sizeBetween(2, 9).count(),
              () -> tagged.updatedSince(Instant.MAX).limit(1).page(),
              () -> tagged.orderBy(Order.SIZE).limit(1).explain());
      for (int i = 0; i < searches.size(); i++) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(searches.get(i))
            .as("search %d", i)
            .isExactlyInstanceOf(NadbException.class)
            .hasMessageMatching("the query was interrupted, after it had read \\d+ records; .*");
        assertThat(Thread.interrupted()).as("it stays so").isTrue();
      }
      try (Snapshot snapshot = store.snapshot();
          Stream<?> stream = snapshot.query().sizeBetween(2, 9).stream()) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(stream::findAny).hasMessageContaining("the query was interrupted");
      }

      assertThat(Thread.currentThread().isInterrupted()).isTrue();
      assertThat(store.query().allTags("rare").keys()).containsExactly("other");
      assertThat(store.keys("")).hasSize(KEYS + 1);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(nothing.count()).isZero();
      assertThat(tagged.sizeBetween(0, 1).count()).isEqualTo(KEYS);
    }
  }
}

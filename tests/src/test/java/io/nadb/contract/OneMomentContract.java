package io.nadb.contract;

import static io.nadb.testing.Bytes.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.testing.Faults;
import io.nadb.testing.FaultyDriver;
import io.nadb.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Listings and queries answer from one moment, whatever others write and flush in the midst of
 * them.
 */
abstract class OneMomentContract {
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);
  private final Faults faults;
  private @Nullable KeyValueStore store;

  OneMomentContract(String scheme) {
    faults = FaultyDriver.install(registry, scheme);
  }

  /** The test's location. */
  abstract String url();

  @AfterEach
  void close() {
    faults.heal();
    registry.close();
  }

  /** Where what has been written is when the test goes on. */
  enum Place {
    /** In the active buffer. */
    BUFFERED,
    /** In a cut that could not be flushed; the backend goes on failing. */
    SEALED,
    /** In the backend, and nowhere else. */
    FLUSHED
  }

  private void settle(Place place) {
    switch (place) {
      case BUFFERED -> {}
      case SEALED -> {
        faults.fail("no space left on device");
        assertThatThrownBy(() -> store().flush()).isInstanceOf(NadbException.class);
      }
      case FLUSHED -> store().flush();
    }
  }

  private KeyValueStore store() {
    KeyValueStore open = store;
    if (open == null) {
      open = registry.open(url(), Map.of("flush", "off", "sweep", "off"));
      store = open;
    }
    return open;
  }

  /** The questions about more than one entry; answers can be compared. */
  private static final List<Function<KeyValueStore, Object>> QUESTIONS =
      List.of(
          store -> store.keys(""),
          store -> store.keys("key2"),
          store -> store.queryByTags("all"),
          store -> store.queryByTags("all", "even"),
          store -> store.tags(),
          store -> allOf(store));

  /** All that there is of some keys, as text. */
  private static Map<String, String> allOf(KeyValueStore store) {
    Map<String, String> values = new TreeMap<>();
    store
        .getAll(IntStream.range(0, 40).mapToObj(i -> "key" + i).toList())
        .forEach((key, value) -> values.put(key, new String(value, UTF_8)));
    return values;
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenInTheMidstOfAnAnswerDoesNotShow(Place place) {
    for (Function<KeyValueStore, Object> question : QUESTIONS) {
      writeKeys(0);
      settle(place);
      assertAnswerStaysThatOfTheBeginning(question, false);
      faults.heal();
      store().flush();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BUFFERED", "FLUSHED"})
  void whatIsWrittenAndFlushedInTheMidstOfAnAnswerDoesNotShow(Place place) {
    for (Function<KeyValueStore, Object> question : QUESTIONS) {
      writeKeys(0);
      settle(place);
      assertAnswerStaysThatOfTheBeginning(question, true);
    }
  }

  @Test
  void whatIsBufferedOverWhatIsFlushedCountsThroughoutAnAnswer() {
    for (Function<KeyValueStore, Object> question : QUESTIONS) {
      writeKeys(0);
      store().flush();
      time.advance(Duration.ofSeconds(1));
      writeKeys(1);
      assertAnswerStaysThatOfTheBeginning(question, true);
    }
  }

  @Test
  void aCutThatFailedCountsThroughoutAnAnswerInWhichItSucceeds() {
    for (Function<KeyValueStore, Object> question : QUESTIONS) {
      writeKeys(0);
      store().flush();
      writeKeys(1);
      settle(Place.SEALED);
      faults.heal();
      writeKeys(2);
      assertAnswerStaysThatOfTheBeginning(question, true);
    }
  }

  @Test
  void aClearInTheMidstOfAnAnswerDoesNotShow() {
    for (Function<KeyValueStore, Object> question : QUESTIONS) {
      writeKeys(0);
      store().flush();
      writeKeys(3);
      Object before = question.apply(store());
      faults.whileAnswering(undisturbed(() -> store().clear()));
      assertThat(question.apply(store())).isEqualTo(before);
      faults.whileAnswering(() -> {});
      assertThat(store().keys("")).isEmpty();
    }
  }

  /** Otherwise of two writes the later one would be gone, and the earlier one there. */
  @Test
  void aClearTakesWithItWhatIsWrittenWhileItLooksForKeys() {
    writeKeys(0);
    store().flush();
    writeKeys(1);
    faults.whileAnswering(
        () -> {
          store().set("late", utf8("value"), SetOptions.tags("late"));
          store().set("key2", utf8("later"));
        });
    store().clear();
    faults.whileAnswering(() -> {});
    assertThat(store().keys("")).isEmpty();
    assertThat(store().tags()).isEmpty();
    assertThat(store().get("late")).isEmpty();
    assertThat(store().stats().bufferedKeys()).isZero();
  }

  @Test
  void anAnswerThatFailsInItsMidstHarmsNoLaterOne() {
    writeKeys(0);
    store().flush();
    Object before = store().keys("");
    IllegalStateException failure = new IllegalStateException("in the midst");
    faults.whileAnswering(
        () -> {
          writeKeys(1);
          throw failure;
        });
    assertThatThrownBy(() -> store().keys("")).isSameAs(failure);
    assertThatThrownBy(() -> store().queryByTags("all")).isSameAs(failure);
    assertThatThrownBy(() -> store().tags()).isSameAs(failure);
    faults.whileAnswering(() -> {});
    writeKeys(0);
    store().delete("new1");
    assertThat(store().keys("")).isEqualTo(before);
    store().flush();
    assertThat(store().keys("")).isEqualTo(before);
  }

  private void assertAnswerStaysThatOfTheBeginning(
      Function<KeyValueStore, Object> question, boolean flushes) {
    Object before = question.apply(store());
    int[] round = {3};
    faults.whileAnswering(
        undisturbed(
            () -> {
              time.advance(Duration.ofMillis(1));
              writeKeys(round[0]++);
              if (flushes) {
                store().flush();
              }
            }));
    assertThat(question.apply(store())).isEqualTo(before);
    faults.whileAnswering(() -> {});
    assertThat(round[0]).as("writes in the midst").isGreaterThan(3);
    assertThat(store().get("key" + (round[0] - 1) % 3)).isEmpty();
  }

  /** An action that is not in its own midst. */
  private static Runnable undisturbed(Runnable action) {
    boolean[] running = new boolean[1];
    return () -> {
      if (!running[0]) {
        running[0] = true;
        action.run();
        running[0] = false;
      }
    };
  }

  /** Writes and deletes keys: in each round another one is missing, and tags go around. */
  private void writeKeys(int round) {
    for (int i = 0; i < 30; i++) {
      String key = "key" + i;
      if (i % 3 == round % 3) {
        store().delete(key);
      } else {
        SetOptions tags =
            (i + round) % 2 == 0
                ? SetOptions.tags("all", "even", "round" + round)
                : SetOptions.tags("all", "round" + round);
        store().set(key, utf8("value " + round), i % 7 == 0 ? SetOptions.none() : tags);
      }
    }
    store().set("new" + round, utf8("value"), SetOptions.tags("all"));
  }
}

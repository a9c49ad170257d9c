package io.nadb.watch;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.internal.watch.WatchPoints;
import io.nadb.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an agent finds, and what it is answered. */
class WatchPointsTest {
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);
  private final KeyValueStore store =
      registry.open("nadb:mem:x?name=watched&buffer=8kb", Map.of("flush", "7s"));

  @AfterEach
  void close() {
    registry.close();
  }

  private static List<Function<String, @Nullable Object>> found() {
    return WatchPoints.open().stream()
        .filter(each -> "watched".equals(each.apply("name")))
        .toList();
  }

  private static Function<String, @Nullable Object> probe() {
    return found().get(0);
  }

  private static Map<?, ?> map(String question) {
    return (Map<?, ?>) Objects.requireNonNull(probe().apply(question));
  }

  @Test
  void aStoreIsFoundWhileItIsOpen() {
    assertThat(found()).hasSize(1);
    registry.open("nadb:mem:x?name=watched&buffer=8kb", Map.of("flush", "7s"));
    assertThat(found()).as("two handles are one store").hasSize(1);
    registry.close();
    assertThat(found()).isEmpty();
  }

  @Test
  void figuresAreThoseOfTheStatistics() {
    store.set("a", utf8("1"));
    assertThat(map("figures").get("sets")).isEqualTo(1L);
    assertThat(map("figures").get("bufferedKeys")).isEqualTo(store.stats().bufferedKeys());
    assertThat(map("figures").get("state")).isEqualTo("HEALTHY");
    assertThat(map("figures").get("sweepLagMillis")).isEqualTo(0L);
    assertThat(map("figures").containsKey("lastFailure")).as("an empty one").isFalse();
    assertThat(map("sync").get("stores")).isEqualTo(List.of("watched"));
  }

  @Test
  void everyOptionTellsWhereItsValueComesFrom() {
    Map<?, ?> settings = map("settings");
    assertThat((String[]) settings.get("buffer")).startsWith("8kb", "url");
    assertThat((String[]) settings.get("flush")).startsWith("7s", "map");
    assertThat((String[]) settings.get("sweep")).startsWith("60s", "default");
  }

  @Test
  void everyAnswerIsOfATypeThatEveryClassLoaderHas() {
    for (String question : List.of("name", "url", "figures", "sync", "settings", "nanoTime")) {
      Object answer = Objects.requireNonNull(probe().apply(question), question);
      assertThat(answer.getClass().getClassLoader()).as(question).isNull();
      if (answer instanceof Map<?, ?> parts) {
        assertThat(parts.values())
            .allSatisfy(p -> assertThat(p.getClass().getClassLoader()).isNull());
      }
    }
  }

  @Test
  void itDoesWhatItIsAskedTo() {
    store.set("a", utf8("1"), SetOptions.ttl(Duration.ofSeconds(1)));
    assertThat(probe().apply("flush")).isEqualTo(1L);
    assertThat(store.stats().bufferedKeys()).isZero();
    time.advance(Duration.ofSeconds(2));
    assertThat(probe().apply("cleanupExpired")).isEqualTo(1);
  }

  @Test
  void aQuestionOfANewerAgentHasNoAnswer() {
    assertThat(probe().apply("weather")).isNull();
  }

  @Test
  void aStoreThatHasEndedSaysSo() {
    Function<String, @Nullable Object> probe = probe();
    registry.close();
    assertThatThrownBy(() -> probe.apply("figures"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("store is closed: watched");
    assertThat(probe.apply("name")).isEqualTo("watched");
  }
}

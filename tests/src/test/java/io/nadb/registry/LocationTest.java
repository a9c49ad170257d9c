package io.nadb.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which location a URL and its options name. */
class LocationTest {
  @TempDir private Path directory;
  private final StoreRegistry registry = StoreRegistry.create(new VirtualTime());

  @AfterEach
  void close() {
    registry.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fs", "mem"})
  void aDatabaseWithASlashIsNoDatabaseOfALongerPath(String scheme) {
    String url = "nadb:" + scheme + ":" + directory.resolve("data");
    KeyValueStore slash = registry.open(url, Map.of("db", "x/y"));
    KeyValueStore longer = registry.open(url + "/x", Map.of("db", "y"));
    slash.set("k", new byte[1]);

    assertThat(longer.contains("k")).isFalse();
  }

  @Test
  void nullIsNoUrlNoOptionsAndNoDriver() {
    assertThatThrownBy(() -> registry.open(nothing()))
        .isExactlyInstanceOf(NullPointerException.class)
        .hasMessage("url");
    assertThatThrownBy(() -> registry.describe(nothing()))
        .isExactlyInstanceOf(NullPointerException.class)
        .hasMessage("url");
    assertThatThrownBy(() -> registry.open("nadb:mem:x", nothing()))
        .isExactlyInstanceOf(NullPointerException.class)
        .hasMessage("options");
    assertThatThrownBy(() -> registry.registerDriver(nothing()))
        .isExactlyInstanceOf(NullPointerException.class)
        .hasMessage("driver");
  }

  /** Null, where the compiler would not let us write it. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }
}

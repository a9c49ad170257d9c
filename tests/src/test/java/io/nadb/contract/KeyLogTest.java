package io.nadb.contract;

import static io.nadb.testing.Bytes.random;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nadb.ChangeKind;
import io.nadb.Entry;
import io.nadb.HistoryLostException;
import io.nadb.KeyValueStore;
import io.nadb.KeyVersion;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code log} tells of a key. */
class KeyLogTest {
  @TempDir private Path directory;
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);

  @AfterEach
  void close() {
    registry.close();
  }

  private KeyValueStore open(String more) {
    return registry.open(
        "nadb:fs:" + directory + "?segment=64kb&flush=off&metadata=none&sweep=60s" + more);
  }

  private Instant flush(KeyValueStore store) {
    store.flush();
    Instant now = time.now();
    time.advance(Duration.ofSeconds(10));
    return now;
  }

  private static String value(KeyVersion version) {
    return version.entry().map(entry -> new String(entry.value(), UTF_8)).orElse("none");
  }

  @Test
  void whatWasSetTouchedDeletedAndHadExpiredIsToldTheNewestFirst() {
    KeyValueStore store = open("&history=1h");
    store.set("key", "1".getBytes(UTF_8), SetOptions.tags("a"));
    store.set("other", "x".getBytes(UTF_8));
    Instant first = flush(store);
    store.set("key", "lost in its cut".getBytes(UTF_8));
    store.set("key", "2".getBytes(UTF_8), SetOptions.ttl(Duration.ofMinutes(5)));
    long second = store.stats().sequence();
    flush(store);
    store.touch("key", Duration.ofMinutes(10));
    flush(store);
    store.touch("key", Duration.ofMinutes(2));
    flush(store);
    store.delete("key");
    Instant deleted = flush(store);
    store.set("key", "3".getBytes(UTF_8), SetOptions.ttl(Duration.ofSeconds(5)));
    flush(store);
    time.advance(Duration.ofMinutes(2));
    store.flush();
    store.namespace("neighbour").set("key", "y".getBytes(UTF_8));
    store.flush();

    List<KeyVersion> versions = store.log("key", 100);

    assertThat(versions)
        .extracting(KeyVersion::kind)
        .containsExactly(
            ChangeKind.EXPIRED,
            ChangeKind.SET,
            ChangeKind.DELETED,
            ChangeKind.TOUCHED,
            ChangeKind.TOUCHED,
            ChangeKind.SET,
            ChangeKind.SET);
    assertThat(versions)
        .extracting(KeyLogTest::value)
        .containsExactly("none", "3", "none", "2", "2", "2", "1");
    assertThat(versions.get(6).time()).isEqualTo(first);
    assertThat(versions.get(2).time()).isEqualTo(deleted);
    assertThat(versions.get(5).sequence()).isEqualTo(second);
    Entry touched = versions.get(3).entry().orElseThrow();
    assertThat(touched.metadata().expiresAt())
        .contains(versions.get(3).time().plus(Duration.ofMinutes(2)));
    assertThat(versions.get(6).entry().orElseThrow().metadata().tags()).containsExactly("a");
    assertThat(versions.get(6).toString()).contains("SET at " + first).doesNotContain("[49");
    for (int limit = 1; limit <= 7; limit++) {
      assertThat(store.log("key", limit))
          .extracting(KeyVersion::sequence)
          .isEqualTo(versions.subList(0, limit).stream().map(KeyVersion::sequence).toList());
      assertThat(value(store.log("key", limit).get(limit - 1)))
          .isEqualTo(value(versions.get(limit - 1)));
    }
    assertThat(store.log("nobody's", 5)).isEmpty();
    for (KeyVersion version : versions) {
      try (Snapshot then = store.snapshotAt(version.time())) {
        assertThat(then.get("key").map(bytes -> new String(bytes, UTF_8)).orElse("none"))
            .isEqualTo(value(version));
      }
    }
  }

  @Test
  void beforeWhatIsKeptThereIsOneVersionAndNoGapIsShownAsNone() {
    KeyValueStore store = open("&history=5m");
    for (int i = 0; i < 60; i++) {
      store.set("key", Integer.toString(i).getBytes(UTF_8));
      if (i == 0) {
        store.set("still", "there".getBytes(UTF_8));
      }
      for (int j = 0; j < 10; j++) {
        store.set("filler" + j, random(1500));
      }
      if (i % 6 == 5) {
        store.touch("key", Duration.ofDays(1));
      }
      flush(store);
    }
    assertThat(store.stats().compactions()).isPositive();
    Instant earliest =
        catchThrowableOfType(
                HistoryLostException.class, () -> store.snapshotAt(Instant.EPOCH).close())
            .earliest()
            .orElseThrow();
    List<KeyVersion> versions = store.log("key", 1000);
    int expected = 59;
    for (KeyVersion version : versions) {
      assertThat(value(version)).isEqualTo(Integer.toString(expected--));
    }
    assertThat(versions.get(versions.size() - 2).time()).isAfter(earliest);
    try (Snapshot first = store.snapshotAt(earliest)) {
      assertThat(first.get("key"))
          .contains(value(versions.get(versions.size() - 1)).getBytes(UTF_8));
    }
    assertThat(store.log("still", 9)).hasSize(1);
    assertThat(value(store.log("still", 9).get(0))).isEqualTo("there");
  }

  @Test
  void itIsRefusedWithoutHistoryAndForNoVersion() {
    KeyValueStore store = open("");
    assertThatThrownBy(() -> store.log("key", 1))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("'history'");
    assertThatThrownBy(() -> store.log("key", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("limit 0");
    assertThatThrownBy(() -> store.log("", 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsBufferedIsNotToldYet() {
    KeyValueStore store = open("&history=1h");
    assertThat(store.log("key", 1)).isEmpty();
    store.set("key", "1".getBytes(UTF_8));
    assertThat(store.log("key", 1)).isEmpty();
    flush(store);
    assertThat(store.log("key", 1)).hasSize(1);
  }
}

package io.nadb.internal.log;

import static io.nadb.testing.Bytes.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import io.nadb.StoreRegistry;
import io.nadb.internal.log.append.ActiveSegment;
import io.nadb.internal.log.segment.RecordListener;
import io.nadb.spi.DriverContext;
import io.nadb.spi.ForwardingContext;
import io.nadb.spi.ForwardingDriver;
import io.nadb.spi.NadbDriver;
import io.nadb.spi.StorageBackend;
import io.nadb.testkit.VirtualTime;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Snapshots that are opened while a cut is being published: the index leads to some of its records
 * already, and to what the others replace.
 */
class HalfPublishedCutTest {
  private static final int KEYS = 40;

  @TempDir private Path directory;
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);
  private final Map<Snapshot, Map<String, String>> opened = new LinkedHashMap<>();

  /** What the store has, by this test's own book. */
  private final Map<String, String> book = new TreeMap<>();

  private @Nullable StorageBackend backend;
  private int late;

  @AfterEach
  void close() {
    opened.keySet().forEach(Snapshot::close);
    registry.close();
  }

  /** Keeps the backend that a store is opened with. */
  private final class Keeping extends ForwardingDriver {
    Keeping(NadbDriver real) {
      super(real);
    }

    @Override
    public KeyValueStore open(DriverContext context) {
      return super.open(
          new ForwardingContext(context) {
            @Override
            public KeyValueStore openStore(
                String location, List<String> credentials, BackendFactory factory) {
              return super.openStore(
                  location,
                  credentials,
                  () -> {
                    StorageBackend made = factory.open();
                    backend = made;
                    return made;
                  });
            }
          });
    }
  }

  private KeyValueStore open(String more) {
    NadbDriver real =
        registry.drivers().stream()
            .filter(driver -> driver.scheme().equals("fs"))
            .map(NadbDriver.class::cast)
            .findFirst()
            .orElseThrow();
    registry.registerDriver(new Keeping(real));
    return registry.open(
        "nadb:fs:" + directory + "?flush=off&sweep=off&segment=64kb&metadata=none" + more);
  }

  /** Has something done after each record that the index is led to. */
  private void amidPublishing(Runnable action) throws ReflectiveOperationException {
    Field log = LogBackend.class.getDeclaredField("log");
    log.setAccessible(true);
    Field listener = ActiveSegment.class.getDeclaredField("listener");
    listener.setAccessible(true);
    Object active = log.get(backend);
    RecordListener real = (RecordListener) listener.get(active);
    RecordListener meddled =
        position -> {
          real.published(position);
          action.run();
        };
    listener.set(active, meddled);
  }

  private void set(KeyValueStore store, String key, String value, String tag) {
    store.set(key, utf8(value), SetOptions.tags(tag));
    book.put(key, "[" + tag + "] " + value);
  }

  private static Map<String, String> content(Snapshot snapshot) {
    Map<String, String> content = new TreeMap<>();
    for (String key : snapshot.keys("")) {
      EntryMetadata metadata = snapshot.metadata(key).orElseThrow();
      content.put(key, metadata.tags() + " " + new String(snapshot.get(key).orElseThrow(), UTF_8));
    }
    return content;
  }

  private static void expect(Snapshot snapshot, Map<String, String> expected) {
    assertThat(content(snapshot)).isEqualTo(expected);
    assertThat(snapshot.size()).isEqualTo(expected.size());
    for (String tag : List.of("old", "new", "late")) {
      List<String> tagged =
          expected.entrySet().stream()
              .filter(entry -> entry.getValue().startsWith("[" + tag + "]"))
              .map(Map.Entry::getKey)
              .toList();
      assertThat(snapshot.queryByTags(tag)).extracting(EntryMetadata::key).isEqualTo(tagged);
      assertThat(snapshot.query().allTags(tag).count()).isEqualTo(tagged.size());
      assertThat(snapshot.tags().getOrDefault(tag, 0L)).isEqualTo(tagged.size());
    }
    for (int i = 0; i < KEYS; i++) {
      assertThat(snapshot.contains("key" + i)).isEqualTo(expected.containsKey("key" + i));
    }
  }

  /** Writes something that is not of the cut, opens a snapshot, and looks. */
  private void openSnapshot(KeyValueStore store) {
    set(store, "late" + late, "late", "late");
    set(store, "key3", "once more " + late++, "late");
    Snapshot snapshot = store.snapshot();
    opened.put(snapshot, new TreeMap<>(book));
    expect(snapshot, book);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&memory=0b"})
  void itShowsTheWholeCutThenAndLater(String more) throws ReflectiveOperationException {
    KeyValueStore store = open(more);
    for (int i = 0; i < KEYS; i++) {
      set(store, "key" + i, "first " + i, "old");
    }
    store.flush();
    for (int i = 0; i < KEYS; i += 2) {
      set(store, "key" + i, "second " + i, "new");
    }
    for (int i = 1; i < KEYS; i += 6) {
      store.delete("key" + i);
      book.remove("key" + i);
    }
    set(store, "another", "second", "new");
    amidPublishing(
        () -> {
          if (opened.size() < KEYS / 2) {
            openSnapshot(store);
          }
        });

    store.flush();

    assertThat(opened).as("one after each of the first records").hasSize(KEYS / 2);
    opened.forEach(HalfPublishedCutTest::expect);
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < KEYS; i++) {
        store.set("key" + i, utf8((round + "x").repeat(1000)), SetOptions.tags("new"));
      }
      store.delete("another");
      store.flush();
      time.advance(Duration.ofMinutes(1));
    }
    assertThat(store.stats().compactions()).isPositive();
    opened.forEach(HalfPublishedCutTest::expect);
  }

  /** What reads take no lock for is as half as the cut, and yet each key has its last value. */
  @Test
  void eachKeyHasItsLastValueThroughout() throws ReflectiveOperationException {
    KeyValueStore store = open("");
    for (int i = 0; i < KEYS; i++) {
      set(store, "key" + i, "first " + i, "old");
    }
    store.flush();
    for (int i = 0; i < KEYS; i++) {
      set(store, "key" + i, "second " + i, "new");
    }
    List<Integer> looked = new ArrayList<>();
    amidPublishing(
        () -> {
          looked.add(looked.size());
          for (int i = 0; i < KEYS; i++) {
            assertThat(store.get("key" + i)).hasValue(utf8("second " + i));
          }
          assertThat(store.queryByTags("old")).isEmpty();
          assertThat(store.keys("")).hasSize(KEYS);
        });

    store.flush();

    assertThat(looked).hasSize(KEYS);
  }
}

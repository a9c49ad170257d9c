package io.nadb.contract;

import static io.nadb.testing.Bytes.text;
import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.testing.Bytes;
import io.nadb.testing.Crash;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values and keys that a file format could stumble over, through closing and reopening. */
class HostileValuesTest {
  private final VirtualTime time = new VirtualTime();
  @TempDir private Path directory;

  private String url() {
    return "nadb:fs:" + directory.resolve("data") + "?segment=64kb";
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "zlib", "zstd"})
  void aSegmentAsAValueStaysAValue(String compression) throws Exception {
    byte[] segment;
    try (StoreRegistry registry = StoreRegistry.create(time)) {
      KeyValueStore store = registry.open(url() + "&compression=" + compression);
      store.set("victim", utf8("safe"));
      store.set("deleted", utf8("old"));
      store.flush();
      segment = Files.readAllBytes(directory.resolve("data/main/log/0000000001.seg"));
      segment = Arrays.copyOf(segment, 1024);
      store.set("victim", utf8("safer"));
      store.delete("deleted");
      store.set("header", Arrays.copyOf(segment, 64));
      store.set("records", Arrays.copyOfRange(segment, 64, 1024));
      store.set("segment", segment);
      store.set("NADBLOG\n", utf8("NADBLOG\n"), SetOptions.tags("NADBLOG\n"));
      store.flush();
      expect(registry, "nadb:fs:" + Crash.copy(directory.resolve("data"), copy("1")), segment);
    }
    try (StoreRegistry registry = StoreRegistry.create(time)) {
      expect(registry, url(), segment);
    }
  }

  private Path copy(String name) {
    return directory.resolve("copy" + name);
  }

  private static void expect(StoreRegistry registry, String url, byte[] segment) {
    try (KeyValueStore store = registry.open(url)) {
      assertThat(store.keys(""))
          .containsExactly("NADBLOG\n", "header", "records", "segment", "victim");
      assertThat(text(store, "victim")).contains("safer");
      assertThat(store.get("segment").orElseThrow()).isEqualTo(segment);
      assertThat(store.get("header").orElseThrow()).isEqualTo(Arrays.copyOf(segment, 64));
      assertThat(store.tags()).containsOnlyKeys("NADBLOG\n");
    }
  }

  @Test
  void everyPartOfAnEntrySurvivesReopening() {
    String key = "\0k%_:/\ud83d\ude00\uffff";
    EntryMetadata metadata;
    try (StoreRegistry registry = StoreRegistry.create(time)) {
      KeyValueStore store = registry.open(url() + "&namespace=a%3Ab");
      store.set(key, utf8("old"));
      time.advance(Duration.ofMillis(1500));
      store.set(
          key, new byte[0], SetOptions.ttl(Duration.ofDays(3)).withTags("x,y", "\ud83d\ude00"));
      metadata = store.metadata(key).orElseThrow();
    }
    try (StoreRegistry registry = StoreRegistry.create(time)) {
      KeyValueStore store = registry.open(url() + "&namespace=a:b");
      assertThat(store.get(key)).hasValueSatisfying(value -> assertThat(value).isEmpty());
      assertThat(store.metadata(key)).contains(metadata);
      assertThat(store.queryByTags("x,y", "\ud83d\ude00")).containsExactly(metadata);
      assertThat(store.set("next", utf8("v"))).as("sequence numbers go on").isEqualTo(3);
    }
  }

  @Test
  void valuesAroundTheSegmentSizeSurviveReopening() {
    List<Integer> sizes = List.of(65_300, 65_400, 65_535, 65_536, 65_537, 200_000, 1_048_577);
    try (StoreRegistry registry = StoreRegistry.create(time)) {
      KeyValueStore store = registry.open(url());
      for (int size : sizes) {
        store.set("k" + size, Bytes.random(size));
        store.flush();
      }
    }
    try (StoreRegistry registry = StoreRegistry.create(time)) {
      KeyValueStore store = registry.open(url());
      for (int size : sizes) {
        assertThat(store.get("k" + size).orElseThrow()).isEqualTo(Bytes.random(size));
      }
    }
  }

  @Test
  @Tag("slow")
  void aValueOfAHundredMegabytesSurvivesReopening() {
    byte[] value = new byte[100 << 20];
    Arrays.fill(value, 50 << 20, 51 << 20, (byte) 7);
    try (StoreRegistry registry = StoreRegistry.create(time)) {
      KeyValueStore store = registry.open(url());
      long sequence = store.set("large", value);
      assertThat(store.durableSequence()).isEqualTo(sequence);
    }
    try (StoreRegistry registry = StoreRegistry.create(time)) {
      assertThat(Arrays.equals(registry.open(url()).get("large").orElseThrow(), value)).isTrue();
    }
  }
}

package io.nadb.internal.metadata;

import static io.nadb.internal.metadata.Fixtures.entry;
import static io.nadb.internal.metadata.Fixtures.position;
import static io.nadb.internal.metadata.Fixtures.put;
import static io.nadb.internal.metadata.Fixtures.remove;
import static io.nadb.internal.metadata.Fixtures.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.spi.ExpiredKey;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares with plain maps, at random and from several threads. */
class MetadataModelTest {
  private static final List<String> NAMESPACES = List.of("", "one", "two");
  private static final List<String> TAGS = List.of("a", "b", "c", "d\"\\\0", "é");

  @TempDir Path directory;
  private final Random random = new Random(20_240_607);
  private final Map<String, Map<String, StoredEntry>> model = new TreeMap<>();

  @Test
  void randomChangesGiveWhatPlainMapsGive() throws Exception {
    Path file = directory.resolve("metadata.db");
    KeyValueMetadata metadata = KeyValueMetadata.open(file, "store-1");
    List<Change> previous = List.of();
    for (int round = 1; round <= 150; round++) {
      List<Change> changes = randomChanges(round);
      if (random.nextInt(4) == 0) {
        metadata.apply(previous, position(round - 1));
      }
      metadata.apply(changes, position(round));
      previous = changes;
      if (random.nextInt(10) == 0) {
        metadata.close();
        metadata = KeyValueMetadata.open(file, "store-1");
      }
      assertSameAsModel(metadata);
      assertThat(metadata.applied()).isEqualTo(position(round));
    }
    metadata.close();
  }

  private Map<String, StoredEntry> entries(String namespace) {
    return model.computeIfAbsent(namespace, name -> new TreeMap<>());
  }

  private List<Change> randomChanges(int round) {
    List<Change> changes = new ArrayList<>();
    for (int i = random.nextInt(30); i >= 0; i--) {
      String namespace = NAMESPACES.get(random.nextInt(NAMESPACES.size()));
      String key = Integer.toString(random.nextInt(60), 3);
      if (random.nextInt(4) == 0) {
        changes.add(remove(namespace, key));
        entries(namespace).remove(key);
      } else {
        StoredEntry entry =
            new StoredEntry(
                key,
                1000L * round + i,
                random.nextInt(Integer.MAX_VALUE),
                random.nextInt(100),
                random.nextLong(),
                random.nextBoolean() ? Write.NEVER : random.nextInt(100),
                randomTags());
        changes.add(put(namespace, entry));
        entries(namespace).put(key, entry);
      }
    }
    return changes;
  }

  private Set<String> randomTags() {
    Set<String> tags = new HashSet<>();
    for (int i = Math.max(0, random.nextInt(6) - 2); i > 0; i--) {
      tags.add(TAGS.get(random.nextInt(TAGS.size())));
    }
    return tags;
  }

  private void assertSameAsModel(KeyValueMetadata metadata) throws IOException {
    long now = random.nextInt(100);
    List<ExpiredKey> expired = new ArrayList<>();
    for (String namespace : NAMESPACES) {
      List<StoredEntry> entries = List.copyOf(entries(namespace).values());
      String prefix = Integer.toString(random.nextInt(10), 3);
      assertThat(scan(metadata, namespace, "")).isEqualTo(entries);
      assertThat(scan(metadata, namespace, prefix))
          .isEqualTo(entries.stream().filter(e -> e.key().startsWith(prefix)).toList());
      Set<String> tags = new HashSet<>(randomTags());
      tags.add("a");
      assertThat(metadata.tagged(namespace, tags))
          .isEqualTo(entries.stream().filter(e -> e.tags().containsAll(tags)).toList());
      assertThat(metadata.tagCounts(namespace, now))
          .isEqualTo(
              entries.stream()
                  .filter(e -> !e.isGoneAt(now))
                  .flatMap(e -> e.tags().stream())
                  .collect(Collectors.groupingBy(tag -> tag, Collectors.counting())));
      List<ExpiredKey> here =
          entries.stream()
              .filter(e -> e.isGoneAt(now))
              .sorted(Comparator.comparingLong(StoredEntry::expiresAt))
              .map(e -> new ExpiredKey(namespace, e.key(), e.sequence()))
              .toList();
      assertThat(metadata.expired(namespace, now, 1000)).hasSameElementsAs(here);
      expired.addAll(here);
    }
    assertThat(metadata.expired(null, now, 1000)).hasSameElementsAs(expired);
  }

  @Test
  void readersSeeWholeBatchesOnlyWhileAnotherThreadApplies() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try (KeyValueMetadata metadata =
        KeyValueMetadata.open(directory.resolve("metadata.db"), "store-1")) {
      metadata.apply(batch(0), position(0));
      List<Future<Void>> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        readers.add(threads.submit(readUntil(metadata, 200)));
      }
      for (int round = 1; round <= 200; round++) {
        metadata.apply(batch(round), position(round));
      }
      for (Future<Void> reader : readers) {
        reader.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** The same twenty keys each time, with one sequence number and one tag. */
  private static List<Change> batch(int round) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      changes.add(put("app", entry("key " + i, round, "all", "round " + round % 3)));
    }
    return changes;
  }

  private static Callable<Void> readUntil(KeyValueMetadata metadata, long lastRound) {
    return () -> {
      long seen = 0;
      while (seen < lastRound) {
        List<StoredEntry> entries = metadata.tagged("app", Set.of("all"));
        assertThat(entries).hasSize(20);
        assertThat(entries)
            .extracting(StoredEntry::sequence)
            .containsOnly(entries.get(0).sequence());
        assertThat(entries.get(0).sequence()).isGreaterThanOrEqualTo(seen);
        seen = entries.get(0).sequence();
        assertThat(metadata.tagCounts("app", 0)).containsEntry("all", 20L).hasSize(2);
        assertThat(scan(metadata, "app", "")).hasSize(20);
      }
      return null;
    };
  }
}

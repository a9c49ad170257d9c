package io.nadb.internal.metadata;

import static io.nadb.internal.metadata.Fixtures.column;
import static io.nadb.internal.metadata.Fixtures.entries;
import static io.nadb.internal.metadata.Fixtures.position;
import static io.nadb.internal.metadata.Fixtures.put;
import static io.nadb.internal.metadata.Fixtures.remove;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares with plain maps, at random. */
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
    List<MetadataChange> previous = List.of();
    for (int round = 1; round <= 150; round++) {
      List<MetadataChange> changes = randomChanges(round);
      if (random.nextInt(4) == 0) {
        metadata.apply(previous, position(round - 1));
      }
      metadata.apply(changes, position(round));
      previous = changes;
      if (random.nextInt(10) == 0) {
        metadata.close();
        metadata = KeyValueMetadata.open(file, "store-1");
      }
      assertSameAsModel(file);
      assertThat(metadata.applied()).isEqualTo(position(round));
    }
    metadata.close();
  }

  private Map<String, StoredEntry> model(String namespace) {
    return model.computeIfAbsent(namespace, name -> new TreeMap<>());
  }

  private List<MetadataChange> randomChanges(int round) {
    List<MetadataChange> changes = new ArrayList<>();
    for (int i = random.nextInt(200); i >= 0; i--) {
      String namespace = NAMESPACES.get(random.nextInt(NAMESPACES.size()));
      String key = Integer.toString(random.nextInt(150), 3);
      if (random.nextInt(4) == 0) {
        changes.add(remove(namespace, key));
        model(namespace).remove(key);
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
        model(namespace).put(key, entry);
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

  private void assertSameAsModel(Path file) throws SQLException {
    for (String namespace : NAMESPACES) {
      assertThat(entries(file, namespace)).isEqualTo(List.copyOf(model(namespace).values()));
    }
    // Both places of the tags say the same, and nothing is left of entries that are gone.
    assertThat(
            column(
                file,
                "SELECT count(*) FROM (SELECT namespace_id, value, entries.id FROM entries,"
                    + " json_each(entries.tags) INTERSECT SELECT * FROM entry_tags)"))
        .isEqualTo(column(file, "SELECT count(*) FROM entry_tags"))
        .isEqualTo(column(file, "SELECT count(*) FROM entries, json_each(entries.tags)"));
  }
}

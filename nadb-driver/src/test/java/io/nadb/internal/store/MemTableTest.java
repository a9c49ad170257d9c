package io.nadb.internal.store;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.spi.Write;
import io.nadb.testing.MapCut;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemTableTest {
  private final MemTable layer = new MemTable(null, null);
  private long sequence;

  private void set(String namespace, String key, String value, String... tags) {
    layer.put(
        namespace, key, Write.set(++sequence, utf8(value), Set.of(tags), 0, false, 0, Write.NEVER));
  }

  /** The same writes in a cut that counts its bytes by looking at all of them. */
  private static MapCut counting(MemTable cut) {
    Map<String, Map<String, Write>> writes = new HashMap<>();
    cut.forEach(
        (namespace, key, write) ->
            writes.computeIfAbsent(namespace, name -> new HashMap<>()).put(key, write));
    return new MapCut(cut.sequence(), writes);
  }

  @Test
  void keepsCountOfItsBytesThroughOverwritesDeletionsAndMerging() {
    set("default", "a", "value");
    set("default", "a", "another value", "tag", "täg");
    set("a longer namespace €", "b", "x".repeat(1000), "tag");
    layer.put("default", "gone", Write.delete(++sequence, 0));
    assertThat(layer.contentBytes()).isEqualTo(counting(layer).contentBytes());

    MemTable newer = new MemTable(layer, null);
    newer.put("default", "a", Write.delete(++sequence, 0));
    newer.putUnder(layer);
    assertThat(newer.size()).isEqualTo(3);
    assertThat(newer.contentBytes()).isEqualTo(counting(newer).contentBytes());
    assertThat(newer.sequence()).isEqualTo(sequence);
  }

  @Test
  void aCutShowsEachKeyOnceInTheOrderOfTheFirstWrites() {
    set("n", "b", "1");
    set("n", "a", "2");
    set("n", "b", "3");
    List<String> seen = new ArrayList<>();
    layer.forEach((namespace, key, write) -> seen.add(key + "#" + write.sequence()));
    assertThat(seen).containsExactly("b#3", "a#2");
  }
}

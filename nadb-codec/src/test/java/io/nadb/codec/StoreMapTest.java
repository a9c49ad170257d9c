package io.nadb.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.Faults;
import java.util.AbstractMap.SimpleEntry;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Guava's tests don't ask: other threads between a look and a change, tags, formats. */
class StoreMapTest {
  @NadbStore(value = "nadb:mem:map", group = "map")
  private KeyValueStore store;

  @NadbStore(group = "map")
  private Faults faults;

  private TypedStore<String> view;
  private ConcurrentMap<String, String> map;

  @BeforeEach
  void map() {
    view = TypedStore.of(store, Codec.strings());
    map = view.asMap();
  }

  @Test
  void noIncrementOfManyThreadsIsLost() {
    IntStream.range(0, 400)
        .parallel()
        .forEach(n -> map.merge("count", "1", (a, b) -> "" + (number(a) + number(b))));

    assertThat(map).containsEntry("count", "400");
  }

  @Test
  void computeDoesNotOverwriteWhatCameBetween() {
    map.put("k", "a");
    faults.afterNextRead("k", () -> view.set("k", "b"));

    assertThat(map.compute("k", (key, found) -> found + "!")).isEqualTo("b!");
    assertThat(map).containsEntry("k", "b!");

    faults.afterNextRead("k", () -> view.set("k", "c"));
    assertThat(map.compute("k", (key, found) -> "b!".equals(found) ? null : found)).isEqualTo("c");
    faults.afterNextRead("k", () -> view.set("k", "d"));
    assertThat(view.compute("k", found -> found.map(value -> value + "?"))).contains("d?");
    assertThat(map).containsEntry("k", "d?");
  }

  @Test
  void conditionsHoldAtTheMomentOfTheChange() {
    map.put("k", "a");
    faults.afterNextRead("k", () -> view.set("k", "b"));
    assertThat(map.replace("k", "a", "c")).isFalse();

    faults.afterNextRead("k", () -> view.set("k", "c"));
    assertThat(map.remove("k", "b")).isFalse();

    faults.afterNextRead("k", () -> view.set("k", "d"));
    assertThat(map.remove("k")).isEqualTo("d");

    faults.afterNextRead("k", () -> view.set("k", "e"));
    assertThat(map.putIfAbsent("k", "f")).isEqualTo("e");

    faults.afterNextRead("k", () -> view.delete("k"));
    assertThat(map.replace("k", "g")).isNull();
    assertThat(map).isEmpty();

    faults.afterNextRead("k", () -> view.set("k", "h"));
    assertThat(map.put("k", "i")).isEqualTo("h");

    faults.afterNextRead("k", () -> view.delete("k"));
    assertThat(map.computeIfPresent("k", (key, found) -> found + "!")).isNull();

    faults.afterNextRead("k", () -> view.set("k", "j"));
    assertThat(map.computeIfAbsent("k", key -> "l")).isEqualTo("j");
  }

  @Test
  void removeIfRemovesNothingThatItHasNotLookedAt() {
    map.put("k", "old");
    assertThat(
            map.values()
                .removeIf(
                    value -> {
                      view.set("k", "new");
                      return value.equals("old");
                    }))
        .isFalse();
    assertThat(map).containsEntry("k", "new");
    assertThat(map.entrySet().removeIf(entry -> entry.getValue().equals("new"))).isTrue();
    assertThat(map).isEmpty();
  }

  @Test
  void whatIsRemovedByItsValueHasThatValueStill() {
    map.putAll(Map.of("a", "1", "b", "2"));
    faults.afterNextRead("a", () -> view.set("a", "2"));
    assertThat(map.values().remove("1")).isFalse();
    faults.afterNextRead("a", () -> view.set("a", "1"));
    assertThat(map.values().removeAll(Set.of("2"))).isTrue();
    assertThat(map).containsExactly(Map.entry("a", "1"));
    faults.afterNextRead("a", () -> view.set("a", "2"));
    assertThat(map.values().retainAll(Set.of("2"))).isFalse();

    faults.afterNextRead("a", () -> view.set("a", "1"));
    assertThat(map.entrySet().removeAll(Set.of(Map.entry("a", "2")))).isFalse();
    faults.afterNextRead("a", () -> view.set("a", "2"));
    assertThat(map.entrySet().retainAll(Set.of(Map.entry("a", "2")))).isFalse();
    assertThat(map).containsExactly(Map.entry("a", "2"));
  }

  @Test
  void typesWithoutEqualsAreRemovedByACondition() {
    ConcurrentMap<String, StringBuilder> objects = TypedStore.of(store, new Builders()).asMap();
    objects.put("a", new StringBuilder("a"));
    objects.put("b", new StringBuilder("b"));

    assertThat(objects.values().removeIf(value -> value.toString().equals("a"))).isTrue();
    assertThat(objects.entrySet().removeIf(entry -> entry.getKey().equals("b"))).isTrue();
    assertThat(objects).isEmpty();
  }

  @Test
  void valuesAreComparedAsTheCodecSays() {
    ConcurrentMap<String, byte[]> bytes = TypedStore.of(store, Codec.bytes()).asMap();
    bytes.put("k", new byte[] {1});

    assertThat(bytes.replace("k", new byte[] {2}, new byte[] {3})).isFalse();
    assertThat(bytes.replace("k", new byte[] {1}, new byte[] {1})).isTrue();
    assertThat(bytes.containsValue(new byte[] {1})).isTrue();
    assertThat(bytes.containsValue(new byte[] {2})).isFalse();
    assertThat(bytes.values().contains(new byte[] {1})).isTrue();
    assertThat(bytes.values().remove(new byte[] {1})).isTrue();
    assertThat(bytes).isEmpty();
  }

  @Test
  void anEntryThatHasGoneDoesNotComeBackByItsSetter() {
    map.put("k", "a");
    Map.Entry<String, String> entry = map.entrySet().iterator().next();
    map.remove("k");

    assertThat(entry.setValue("b")).isEqualTo("a");
    assertThat(map).isEmpty();
  }

  @Test
  void iterationLeavesOutWhatHasGoneSince() {
    map.put("a", "1");
    map.put("b", "2");
    map.put("c", "3");
    Iterator<String> values = map.values().iterator();
    assertThat(values.next()).isEqualTo("1");
    map.remove("b");

    assertThat(values.next()).isEqualTo("3");
    assertThat(values.hasNext()).isFalse();
  }

  @Test
  void whatIsSetAnewGetsTheOptionsAndWhatChangesKeepsItsOwn() {
    ConcurrentMap<String, String> tagged = view.asMap(SetOptions.tags("map"));
    tagged.put("a", "1");
    tagged.putIfAbsent("b", "1");
    tagged.compute("c", (key, found) -> "1");
    tagged.computeIfAbsent("d", key -> "1");
    tagged.merge("e", "1", String::concat);
    assertThat(store.queryByTags("map")).hasSize(5);

    store.clear();
    for (String key : Set.of("a", "b", "c", "d")) {
      view.set(key, "1", SetOptions.tags("own"));
    }
    tagged.replace("a", "2");
    tagged.replace("b", "1", "2");
    tagged.compute("c", (key, found) -> "2");
    tagged.entrySet().forEach(entry -> entry.setValue("3"));
    assertThat(store.queryByTags("own")).hasSize(4);
    assertThat(tagged.put("a", "4")).isEqualTo("3");
    assertThat(store.metadata("a").orElseThrow().tags()).containsExactly("map");
  }

  @Test
  void typesWithoutEqualsAreReplacedByWhatIsStored() {
    TypedStore<StringBuilder> builders = TypedStore.of(store, new Builders());
    ConcurrentMap<String, StringBuilder> objects = builders.asMap();
    objects.put("k", new StringBuilder("a"));

    assertThat(objects.replace("k", new StringBuilder("b"))).hasToString("a");
    assertThat(objects.computeIfPresent("k", (key, found) -> found.append("c"))).hasToString("bc");
    assertThat(objects.get("k")).hasToString("bc");
  }

  @Test
  void keysAndEntriesOfOtherTypesAreNotThere() {
    map.put("k", "v");
    map.put("1", "v");

    assertThat(map.containsKey((Object) 1)).isFalse();
    assertThat(map.get((Object) 1)).isNull();
    assertThat(map.remove((Object) 1)).isNull();
    assertThat(map.keySet().remove((Object) 1)).isFalse();
    assertThat(map.entrySet().contains((Object) "k")).isFalse();
    assertThat(map.entrySet().contains(Map.entry("k", "v"))).isTrue();
    assertThat(map.entrySet().remove(Map.entry("k", "w"))).isFalse();
    assertThat(map.entrySet().remove(Map.entry("k", "v"))).isTrue();
    assertThatThrownBy(() -> map.get(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> map.replace("k", null, "w")).isInstanceOf(NullPointerException.class);
    assertThat(map.remove("1", null)).isFalse();
    assertThat(map.values().remove(null)).isFalse();
    assertThat(map.entrySet().remove(new SimpleEntry<>("1", null))).isFalse();
    assertThat(map.entrySet().remove(new SimpleEntry<>(null, "v"))).isFalse();
    assertThat(map.entrySet().contains(new SimpleEntry<>("1", null))).isFalse();
    assertThat(map).containsExactly(Map.entry("1", "v"));
  }

  private static int number(String text) {
    return Integer.parseInt(text);
  }

  private static final class Builders implements Codec<StringBuilder> {
    @Override
    public String format() {
      return "builder";
    }

    @Override
    public byte[] encode(StringBuilder value) throws Exception {
      return Codec.strings().encode(value.toString());
    }

    @Override
    public StringBuilder decode(byte[] bytes) throws Exception {
      return new StringBuilder(Codec.strings().decode(bytes));
    }
  }
}

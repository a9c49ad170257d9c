package io.nadb.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.spi.BackendView;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import io.nadb.testing.MapCut;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What views of the memory backend show, and what they keep for how long. */
class MemoryViewTest {
  private final MemoryBackend backend = new MemoryBackend();
  private long sequence;

  private void set(String key, String tag) {
    apply(key, Write.set(++sequence, new byte[] {1}, Set.of(tag), 0, false, 0, Write.NEVER));
  }

  private void delete(String key) {
    apply(key, Write.delete(++sequence, 0));
  }

  private void apply(String key, Write write) {
    backend.apply(new MapCut(sequence, Map.of("n", Map.of(key, write))), true);
  }

  private MemoryView view() {
    return (MemoryView) backend.view(sequence);
  }

  private static List<String> keys(BackendView view, String prefix) throws IOException {
    List<String> keys = new ArrayList<>();
    view.scan("n", prefix, entry -> keys.add(entry.key()));
    return keys;
  }

  @Test
  void eachViewShowsWhatWasThereWhenItWasOpened() throws IOException {
    set("a", "old");
    set("b", "old");
    MemoryView first = view();
    delete("a");
    set("b", "new");
    set("c", "new");
    MemoryView second = view();
    set("a", "newest");
    delete("c");
    delete("b");

    assertThat(keys(first, "")).containsExactly("a", "b");
    assertThat(keys(first, "b")).containsExactly("b");
    assertThat(keys(second, "")).containsExactly("b", "c");
    assertThat(first.tagged("n", Set.of("old"))).extracting(StoredEntry::key).contains("a", "b");
    assertThat(first.tagged("n", Set.of("new"))).isEmpty();
    assertThat(second.tagged("n", Set.of("new"))).extracting(StoredEntry::key).contains("b", "c");
    assertThat(first.entry("n", "c")).isNull();
    assertThat(second.entry("n", "a")).isNull();
    assertThat(first.value("n", "a", () -> 0)).containsExactly(1);
    assertThat(second.value("n", "c", () -> 0)).containsExactly(1);
    assertThat(first.kept()).isEqualTo(2);
    assertThat(second.kept()).isEqualTo(2);
  }

  @Test
  void aClosedViewKeepsNothingAndIsToldNothing() {
    set("a", "old");
    MemoryView view = view();
    MemoryView other = view();
    set("a", "new");
    assertThat(view.kept()).isEqualTo(1);
    view.close();
    view.close();
    set("a", "newer");
    assertThat(view.kept()).isZero();
    assertThat(backend.views()).isEqualTo(1);
    other.close();
    assertThat(backend.views()).isZero();
  }
}

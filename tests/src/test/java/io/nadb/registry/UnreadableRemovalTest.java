package io.nadb.registry;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.RemovalListener;
import io.nadb.StoreRegistry;
import io.nadb.testing.Warnings;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A listener wants the value of what is removed, and the disk has damaged it. */
class UnreadableRemovalTest {
  private final StoreRegistry registry = StoreRegistry.create(new VirtualTime());
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final Warnings warnings = Warnings.listen();
  @TempDir private Path directory;

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void aValueThatCanNotBeReadIsLeftOutAndTheEntryCanBeReplaced() throws IOException {
    String url = "nadb:fs:" + directory + "?flush=off&sweep=off&compression=none&memory=0b";
    KeyValueStore store = registry.open(url);
    store.set("k", utf8("a value that is damaged"));
    store.flush();
    damage("a value that is damaged");
    store.onRemoval(
        RemovalListener.withValues(
            removal -> told.add(removal.key() + removal.value().isPresent())));
    store.set("k", utf8("new"));
    store.delete("k");

    assertThat(told).containsExactly("kfalse", "ktrue");
    assertThat(warnings.texts())
        .hasSize(1)
        .allMatch(text -> text.contains("without its value, which can't be read"));
  }

  private void damage(String value) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".seg")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(value);
        assertThat(at).isPositive();
        bytes[at] ^= 1;
        Files.write(file, bytes);
      }
    }
  }
}

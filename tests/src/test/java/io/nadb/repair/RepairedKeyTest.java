package io.nadb.repair;

import static io.nadb.repair.DamagedStores.OPTIONS;
import static io.nadb.repair.DamagedStores.content;
import static io.nadb.repair.DamagedStores.flip;
import static io.nadb.repair.DamagedStores.segments;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.Entry;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.repair.Finding.Kind;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key whose latest write is damaged, be it a deletion: an older one does not pass for it. */
class RepairedKeyTest {
  @TempDir Path temp;
  private final VirtualTime time = new VirtualTime();

  @Test
  void aDeletedKeyDoesNotComeBackWithoutAWord() throws IOException {
    Path directory = temp.resolve("deleted");
    try (StoreRegistry registry = StoreRegistry.create(time)) {
      KeyValueStore store = registry.open("nadb:fs:" + directory + OPTIONS);
      store.set("k", "old".getBytes(UTF_8));
      store.set("other", "x".getBytes(UTF_8));
      store.flush();
      store.delete("k");
      store.flush();
      store.set("late", "x".getBytes(UTF_8));
      store.flush();
    }
    Path file = segments(directory).get(0);
    long offset = Files.readString(file, ISO_8859_1).indexOf("late");
    assertThat(offset).isPositive();
    for (long at = offset - 300; at < offset - 40; at++) {
      flip(file, at); // The deletion and what closes its cut; and more.
    }

    RepairResult result = Repair.of(directory).to(temp.resolve("saved"));

    Map<String, Entry> saved = content(temp.resolve("saved"), time);
    if (saved.containsKey("default/k")) {
      assertThat(result.unsureUpTo()).isGreaterThanOrEqualTo(3);
      assertThat(result.unsureEntries()).isPositive();
      assertThat(result.report()).contains("may have been replaced or deleted since");
    }
    assertThat(result.findings()).isNotEmpty();
  }

  @Test
  void anOlderValueDoesNotTakeThePlaceOfADamagedOne() throws IOException {
    Path directory = temp.resolve("older");
    try (StoreRegistry registry = StoreRegistry.create(time)) {
      KeyValueStore store = registry.open("nadb:fs:" + directory + OPTIONS);
      store.set("k", "old".getBytes(UTF_8));
      store.flush();
      store.set("k", "NEWER".getBytes(UTF_8), SetOptions.tags("t"));
      store.set("other", "x".getBytes(UTF_8));
      store.flush();
    }
    Path file = segments(directory).get(0);
    flip(file, Files.readString(file, ISO_8859_1).indexOf("NEWER"));

    RepairResult result = Repair.of(directory).to(temp.resolve("saved"));

    assertThat(content(temp.resolve("saved"), time)).containsOnlyKeys("default/other");
    assertThat(result.lostKeys()).containsExactly("default/k");
    assertThat(result.unsureUpTo()).isZero();
    assertThat(result.report()).contains("Entries that are lost: default/k.");
    assertThat(result.findings())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.file()).isEqualTo(file);
              assertThat(each.kind()).isEqualTo(Kind.LOST);
              assertThat(each.what()).contains("key default/k with sequence number 2 is damaged");
            });
  }
}

package io.nadb.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.Entry;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.copy.CopyProgress.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies of stores to other places. */
class StoreCopyTest extends CopiedStores {
  @ParameterizedTest
  @CsvSource({"fs, fs", "fs, mem", "mem, fs", "mem, mem"})
  void aCopyHasAllEntriesWithTheirTagsAndTimes(String from, String to) {
    KeyValueStore source = open(from, "source");
    KeyValueStore target = open(to, "target");
    fill(source, 300);
    time.advance(Duration.ofDays(1)); // None of the times is that of now.

    CopyResult result = StoreCopy.from(source).to(target).run();

    assertThat(content(target)).hasSizeGreaterThan(900).isEqualTo(content(source));
    assertThat(result.isVerified()).isTrue();
    assertThat(result.differences()).isEmpty();
    assertThat(result.entries()).isEqualTo(content(source).size()).isEqualTo(result.written());
    assertThat(result.namespaces()).containsExactly("a:b", "default", "größer %41");
    assertThat(result.time()).hasValue(time.now());
    assertThat(result.isResumed()).isFalse();
    assertThat(target.namespace("a:b").tags()).isEqualTo(source.namespace("a:b").tags());
    assertThat(target.namespace("nadb.copy").size()).isZero();
  }

  @Test
  void whatIsCopiedIsThereAfterReopening() {
    KeyValueStore source = open("fs", "source");
    fill(source, 50);
    Map<String, Entry> expected = content(source);
    StoreCopy.from(source).to(open("fs", "target")).run();

    registry.close();

    try (StoreRegistry again = StoreRegistry.create(time)) {
      assertThat(content(again.open("nadb:fs:" + temp.resolve("target")))).isEqualTo(expected);
    }
  }

  @Test
  void aCopiedEntryExpiresAtItsMillisecond() {
    KeyValueStore source = open("fs", "source");
    KeyValueStore target = open("mem", "target");
    source.set("k", bytes("v"), SetOptions.ttl(Duration.ofMillis(1001)));
    time.advance(Duration.ofMillis(500));
    StoreCopy.from(source).to(target).run();

    time.advance(Duration.ofMillis(500));
    assertThat(target.contains("k")).isTrue();
    time.advance(Duration.ofMillis(1));
    assertThat(target.contains("k")).isFalse();
  }

  @Test
  void anEntryThatExpiresOnTheWayIsNoDifference() {
    KeyValueStore source = open("fs", "source");
    KeyValueStore target = open("fs", "target");
    source.set("k", bytes("v"), SetOptions.ttl(Duration.ofMillis(1001)));
    source.set("stays", bytes("v"));

    CopyResult result =
        StoreCopy.from(source)
            .to(target)
            .onProgress(progress -> time.advance(Duration.ofSeconds(1)))
            .run();

    assertThat(result.isVerified()).isTrue();
    assertThat(target.keys("")).containsExactly("stays");
  }

  @Test
  void theCopyIsOfOneMomentThoughTheSourceIsWritten() {
    KeyValueStore source = open("fs", "source");
    KeyValueStore target = open("mem", "target");
    fill(source, 600);
    Map<String, Entry> before = content(source);

    CopyResult result =
        StoreCopy.from(source)
            .to(target)
            .onProgress(
                progress -> {
                  source.set("key" + progress.entries() % 600, bytes("later"));
                  source.set("new" + progress.entries(), bytes("later"));
                  source.delete("key7");
                })
            .run();

    assertThat(content(target)).isEqualTo(before);
    assertThat(result.isVerified()).isTrue();
  }

  @Test
  void aTargetWithOtherEntriesIsRefusedUntouched() {
    KeyValueStore source = open("fs", "source");
    KeyValueStore target = open("fs", "target");
    source.set("k", bytes("v"));
    target.namespace("other").set("mine", bytes("x"));

    assertThatThrownBy(() -> StoreCopy.from(source).to(target).run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is not empty: namespace other has key 'mine'")
        .hasMessageContaining("intoExisting()");
    assertThat(content(target)).containsOnlyKeys("other/mine");
  }

  @Test
  void intoExistingReplacesTheSameKeysAndLeavesAllOthers() {
    KeyValueStore source = open("fs", "source");
    KeyValueStore target = open("mem", "target");
    target.set("k", bytes("old"), SetOptions.tags("old").withTtl(Duration.ofDays(1)));
    time.advance(Duration.ofSeconds(1)); // Its creation time is not to stay either.
    source.set("k", bytes("v"), SetOptions.tags("new"));
    target.set("mine", bytes("x"));
    target.namespace("other").set("mine", bytes("x"));

    CopyResult result = StoreCopy.from(source).to(target).intoExisting().run();

    assertThat(result.written()).isEqualTo(1);
    assertThat(result.removed()).isZero();
    assertThat(content(target)).containsOnlyKeys("default/k", "default/mine", "other/mine");
    assertThat(target.entry("k")).isEqualTo(source.entry("k"));
    assertThat(target.tags()).isEqualTo(Map.of("new", 1L));
  }

  @Test
  void aStoreIsNotCopiedToItself() {
    KeyValueStore source = open("fs", "source");
    KeyValueStore same = source.namespace("other");

    assertThatThrownBy(() -> StoreCopy.from(source).to(same).run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("can't be copied to itself");
    assertThatThrownBy(() -> StoreCopy.from(source).run()).hasMessageContaining("call to(url)");
  }

  @Test
  void progressTellsBothPhasesAndHowManyThereAre() {
    KeyValueStore source = open("fs", "source");
    fill(source, 400);
    List<CopyProgress> told = new ArrayList<>();

    CopyResult result =
        StoreCopy.from(source).to(open("mem", "target")).onProgress(told::add).run();

    assertThat(told).extracting(CopyProgress::phase).contains(Phase.COPYING, Phase.VERIFYING);
    for (Phase phase : Phase.values()) {
      List<CopyProgress> of = told.stream().filter(each -> each.phase() == phase).toList();
      assertThat(of).extracting(CopyProgress::entries).isSorted();
      CopyProgress last = of.get(of.size() - 1);
      assertThat(last.entries()).isEqualTo(result.entries());
      assertThat(last.bytes()).isEqualTo(result.bytes());
      assertThat(last.total().orElseThrow()).isEqualTo(result.entries() + 3); // The expired ones.
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fs", "mem"})
  void valuesLargerThanTheBufferAreCopied(String to) {
    KeyValueStore source = open("fs", "source");
    KeyValueStore target = open(to, "target");
    for (int i = 0; i < 7; i++) {
      byte[] large = new byte[3 << 20];
      large[i] = 1;
      source.set("large" + i, large);
    }

    StoreCopy.from(source).to(target).run();

    assertThat(content(target)).isEqualTo(content(source));
  }

  @Test
  void aStoreThatIsOnlyReadIsCopiedAndNothingIsCopiedToIt() {
    KeyValueStore writer = open("fs", "source");
    fill(writer, 20);
    Map<String, Entry> expected = content(writer);
    writer.flush();
    KeyValueStore target = open("mem", "target");
    try (StoreRegistry readers = StoreRegistry.create(time)) {
      KeyValueStore source =
          readers.open("nadb:fs:" + temp.resolve("source") + "?access=read&metadata=none");

      StoreCopy.from(source).to(target).run();

      assertThat(content(target)).isEqualTo(expected);
      assertThatThrownBy(() -> StoreCopy.from(open("mem", "other")).to(source).intoExisting().run())
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("access=read");
    }
  }

  @Test
  void urlsAreOpenedAndClosed() {
    String source = "nadb:fs:" + temp.resolve("source");
    String target = "nadb:fs:" + temp.resolve("target") + "?db=other";
    try (StoreRegistry other = StoreRegistry.create();
        KeyValueStore store = other.open(source)) {
      store.set("k", bytes("v"));
    }

    CopyResult result = StoreCopy.from(source).to(target).run();

    assertThat(result.entries()).isEqualTo(1);
    try (StoreRegistry other = StoreRegistry.create();
        KeyValueStore store = other.open(target)) {
      assertThat(store.get("k")).hasValue(bytes("v"));
    }
  }
}

package io.nadb.copy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.CorruptStoreException;
import io.nadb.Entry;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.copy.CopyProgress.Phase;
import io.nadb.spi.CopyableStore;
import io.nadb.testing.Crash;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies of stores to other places. */
class StoreCopyTest {
  @TempDir Path temp;
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);

  @AfterEach
  void close() {
    registry.close();
  }

  private KeyValueStore open(String kind, String name) {
    return registry.open(
        kind.equals("fs")
            ? "nadb:fs:" + temp.resolve(name) + "?flush=off&segment=64kb&metadata=none&sweep=off"
            : "nadb:mem:" + name + "?flush=off&sweep=off");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** Sets entries of all kinds, at times of their own, some in the buffer and some flushed. */
  private void fill(KeyValueStore store, int entries) {
    for (String namespace : List.of("default", "a:b", "größer %41")) {
      KeyValueStore in = store.namespace(namespace);
      for (int i = 0; i < entries; i++) {
        time.advance(Duration.ofMillis(7));
        SetOptions options = SetOptions.tags("tag" + i % 3, "\"ü\\" + i % 2);
        in.set(
            "key" + i,
            bytes(namespace + i),
            i % 2 == 0 ? options.withTtl(Duration.ofMillis(100_000_000 + i)) : options);
        if (i % 5 == 0) {
          time.advance(Duration.ofMillis(3));
          in.set("key" + i, bytes("again" + i), SetOptions.none().keepingTags().keepingTtl());
          in.touch("key" + i, Duration.ofMillis(200_000_003));
        }
        if (i == entries / 2) {
          in.flush();
        }
      }
      in.set("empty", new byte[0]);
      in.set("deleted", bytes("x"));
      in.delete("deleted");
      in.set("expired", bytes("x"), SetOptions.ttl(Duration.ofMillis(5)));
      time.advance(Duration.ofMillis(5));
    }
  }

  private static Map<String, Entry> content(KeyValueStore store) {
    Map<String, Entry> content = new TreeMap<>();
    CopyableStore copyable = CopyableStore.of(store);
    for (String namespace : copyable.namespaces()) {
      KeyValueStore in = store.namespace(namespace);
      for (String key : in.keys("")) {
        content.put(namespace + "/" + key, in.entry(key).orElseThrow());
      }
    }
    return content;
  }

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
  void aCopyThatFailedGoesOnAndFollowsWhatTheSourceHasChangedSince() {
    KeyValueStore source = open("fs", "source");
    KeyValueStore target = open("fs", "target");
    fill(source, 600);
    StoreCopy copy = StoreCopy.from(source).to(target);
    assertThatThrownBy(() -> copy.onProgress(progress -> stopAt(progress, 1500)).run())
        .hasMessage("stopped");
    assertThat(target.namespace("default").size()).isPositive();
    source.namespace("a:b").delete("key1");
    source.namespace("a:b").set("key2", bytes("changed"));
    source.namespace("a:b").set("added", bytes("new"));
    source.namespace("default").clear();
    source.namespace("another").set("k", bytes("v"));

    CopyResult result = copy.run();

    assertThat(content(target)).isEqualTo(content(source));
    assertThat(result.isResumed()).isTrue();
    assertThat(result.isVerified()).isTrue();
    assertThat(result.removed()).isPositive();
    assertThat(result.written()).isLessThan(result.entries());
  }

  private static void stopAt(CopyProgress progress, long entries) {
    if (progress.entries() >= entries) {
      throw new IllegalStateException("stopped");
    }
  }

  /** Each time, the target is what a kill would leave, in whichever state of the copy. */
  @Test
  void aCopyThatWasKilledAnywhereGoesOnThoughTheSourceIsWrittenMeanwhile() throws IOException {
    KeyValueStore source = open("fs", "source");
    KeyValueStore target =
        registry.open(
            "nadb:fs:" + temp.resolve("target") + "?flush=off&buffer=16kb&segment=64kb&sweep=off");
    fill(source, 400);
    List<Path> left = new ArrayList<>();
    StoreCopy.from(source)
        .to(target)
        .onProgress(
            progress -> {
              left.add(crashed("target", "left" + left.size()));
              source.set("key" + progress.entries() % 400, bytes("later" + left.size()));
              source.namespace("a:b").delete("key" + progress.entries() % 400);
              source.set("new" + progress.entries(), bytes("later"), SetOptions.tags("late"));
            })
        .run();
    assertThat(left).hasSizeGreaterThan(8);
    left.add(crashed("target", "ended"));
    int resumed = 0;
    for (Path killed : left) {
      source.set("key" + resumed, bytes("still later"));
      source.delete("new" + resumed);
      try (StoreRegistry next = StoreRegistry.create(time)) {
        KeyValueStore half = next.open("nadb:fs:" + killed + "?flush=off&sweep=off");
        boolean ended = half.namespace("nadb.copy").size() == 0 && half.size() > 0;
        StoreCopy copy = StoreCopy.from(source).to(half);
        CopyResult result = ended ? copy.intoExisting().run() : copy.run();
        assertThat(result.isVerified()).as("%s", killed).isTrue();
        resumed += result.isResumed() ? 1 : 0;
        if (!ended) {
          assertThat(content(half)).as("%s", killed).isEqualTo(content(source));
        }
      }
    }
    assertThat(resumed).as("copies that went on").isGreaterThan(4);
  }

  private Path crashed(String store, String name) {
    try {
      return Crash.copy(temp.resolve(store), temp.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aValueThatWasChangedWithinItsMillisecondIsFoundByVerifying() {
    KeyValueStore source = open("fs", "source");
    KeyValueStore target = open("fs", "target");
    source.set("k", bytes("one"));
    StoreCopy copy = StoreCopy.from(source).to(target);
    assertThatThrownBy(() -> copy.onProgress(progress -> stopAt(progress, 1)).run())
        .hasMessage("stopped");
    source.set("k", bytes("two"));

    copy.run();

    assertThat(target.get("k")).hasValue(bytes("two"));
  }

  @Test
  void anotherCopyThanTheOneThatWasBegunIsRefused() {
    KeyValueStore source = open("fs", "source");
    KeyValueStore target = open("fs", "target");
    fill(source, 10);
    assertThatThrownBy(
            () ->
                StoreCopy.from(source).to(target).onProgress(progress -> stopAt(progress, 1)).run())
        .hasMessage("stopped");

    assertThatThrownBy(() -> StoreCopy.from(open("mem", "other")).to(target).run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has a copy that has not ended well, and is another than this one")
        .hasMessageContaining("source");
    assertThatThrownBy(() -> StoreCopy.from(source).to(target).intoExisting().run())
        .hasMessageContaining("into existing: no");
    assertThatThrownBy(() -> StoreCopy.from(target).to(open("mem", "third")).run())
        .hasMessageContaining("is itself a copy that has not ended well");
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
  void aDamagedRecordOfTheSourceIsNamedAndTheCopyIsNotTakenForDone() throws IOException {
    KeyValueStore source = open("fs", "source");
    KeyValueStore target = open("fs", "target");
    for (int i = 0; i < 20; i++) {
      source.set("key" + i, bytes("v".repeat(10_000)));
    }
    source.flush();
    Path first;
    try (Stream<Path> files = Files.walk(temp.resolve("source"))) {
      first =
          files.filter(file -> file.toString().endsWith(".seg")).sorted().findFirst().orElseThrow();
    }
    try (RandomAccessFile file = new RandomAccessFile(first.toFile(), "rw")) {
      file.seek(15_000);
      file.write('w');
    }

    assertThatThrownBy(() -> StoreCopy.from(source).to(target).run())
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining(first.toString());
    assertThatThrownBy(() -> StoreCopy.from(target).to(open("mem", "third")).run())
        .hasMessageContaining("is itself a copy that has not ended well");
  }

  @Test
  void anInterruptedCopyGoesOnLater() {
    KeyValueStore source = open("mem", "source");
    KeyValueStore target = open("mem", "target");
    fill(source, 300);
    StoreCopy copy = StoreCopy.from(source).to(target);

    assertThatThrownBy(() -> copy.onProgress(p -> Thread.currentThread().interrupt()).run())
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("the copy was interrupted in namespace");
    assertThat(Thread.interrupted()).isTrue();

    assertThat(copy.run().isResumed()).isTrue();
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

package io.nadb.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.CorruptStoreException;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.testing.Crash;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Copies that did not end well: what is left of them, and how they go on. */
class CopyResumptionTest extends CopiedStores {
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

  private static void stopAt(CopyProgress progress, long entries) {
    if (progress.entries() >= entries) {
      throw new IllegalStateException("stopped");
    }
  }

  private Path crashed(String store, String name) {
    try {
      return Crash.copy(temp.resolve(store), temp.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.nadb.proof;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.ChangeKind;
import io.nadb.ChangesLostException;
import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.Snapshot;
import io.nadb.StoreRegistry;
import io.nadb.feed.ChangeFeed;
import io.nadb.feed.FeedCut;
import io.nadb.feed.KeyChange;
import io.nadb.testing.Crash;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Does random things to a store, with crashes, restarts and compaction, while somebody follows its
 * changes, who is slow now and then, and dies as well. After each cut, what they have must be what
 * was there at that flush.
 */
class FeedModelTest {
  private static final int RUNS = Integer.getInteger("nadb.model.runs", 4);
  private static final int STEPS = Integer.getInteger("nadb.model.steps", 3000);

  @TempDir Path temp;

  static LongStream seeds() {
    long first = Long.getLong("nadb.model.seed", new Random().nextLong());
    return LongStream.range(0, RUNS).map(run -> first + run);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aFeedIsTheDifferenceOfOneFlushAndTheNext(long seed) throws Exception {
    new Run(temp, seed).run();
  }

  /** What is known of a key: by the model, or by who follows. */
  private record Known(ByteBuffer value, EntryMetadata metadata) {
    boolean isGoneAt(Instant now) {
      return metadata.expiresAt().filter(at -> !now.isBefore(at)).isPresent();
    }
  }

  /** What was there at a flush, and when that was. */
  private record Boundary(Map<String, Known> entries, Instant time) {}

  /** What somebody has who follows. */
  private record Copy(Map<String, Known> entries, String bookmark) {}

  /** One run. */
  private static final class Run {
    private final Path temp;
    private final long seed;
    private final Random random;
    private final Load load;
    private final VirtualTime time = new VirtualTime();
    private final String durability;
    private final TreeMap<Long, Boundary> boundaries = new TreeMap<>();
    private StoreRegistry registry;
    private KeyValueStore store;
    private StoreModel model = new StoreModel();
    private StoreModel flushed = new StoreModel();
    private Path directory;
    private int directories;
    private Copy copy = new Copy(Map.of(), "1-none-0");
    private Copy kept = copy;
    private @Nullable ChangeFeed feed;
    private int taken;
    private int lost;

    Run(Path temp, long seed) throws IOException {
      this.temp = temp;
      this.seed = seed;
      this.random = new Random(seed);
      this.load = new Load(random, 60, 6000);
      this.durability = random.nextBoolean() ? "buffered" : "written";
      this.directory = Files.createDirectory(temp.resolve("0"));
      open();
    }

    private void open() {
      registry = StoreRegistry.create(time);
      store =
          registry.open(
              "nadb:fs:"
                  + directory
                  + "?segment=64kb&buffer=4mb&flush=off&sweep=off&metadata=none&durability="
                  + durability);
      flushed();
      follow();
    }

    void run() throws Exception {
      for (int step = 0; step < STEPS; step++) {
        step();
      }
      store.flush();
      flushed();
      follow();
      drain();
      assertThat(taken).as("cuts of %s", this).isGreaterThan(STEPS / 100);
      registry.close();
    }

    private void step() throws Exception {
      int dice = random.nextInt(1000);
      if (dice < 70) {
        store.flush();
        flushed();
      } else if (dice < 100) {
        time.advance(Duration.ofMillis(random.nextInt(20_000)));
      } else if (dice < 110) {
        assertThat(store.cleanupExpired()).isEqualTo(model.cleanupExpired(time.now()));
      } else if (dice < 113) {
        store.flush();
        flushed();
        store.clear();
        model.clear();
        flushed();
      } else if (dice < 153) {
        drain();
      } else if (dice < 158) {
        kept = copy;
      } else if (dice < 163) {
        copy = kept; // Who follows was killed.
        follow();
      } else if (dice < 166) {
        copyAnew();
      } else if (dice < 171) {
        restart(dice == 170);
      } else {
        load.next(model, time.now()).to(store);
      }
    }

    private void flushed() {
      flushed = model.copy();
      boundaries.put(store.durableSequence(), new Boundary(entries(model), time.now()));
    }

    private Map<String, Known> entries(StoreModel of) {
      StoreModel.View view = of.at(time.now());
      Map<String, Known> entries = new HashMap<>();
      for (EntryMetadata metadata : view.metadata()) {
        entries.put(
            metadata.key(), new Known(requireNonNull(view.values().get(metadata.key())), metadata));
      }
      return entries;
    }

    private void restart(boolean crashes) throws IOException {
      if (crashes) {
        Path image = temp.resolve(Integer.toString(++directories));
        Crash.copy(directory, image);
        registry.close();
        directory = image;
        if (durability.equals("written")) {
          flushed = model.copy(); // All of it was written, and so is found.
        }
        model = flushed.copy();
      } else {
        registry.close();
      }
      open();
    }

    /** Follows from where the copy is; if that is lost, from a new copy. */
    private void follow() {
      if (feed != null) {
        feed.close();
      }
      try {
        feed = ChangeFeed.of(store, copy.bookmark);
      } catch (ChangesLostException e) {
        lost++;
        copyAnew();
      }
    }

    /** Copies a snapshot, while others write. */
    private void copyAnew() {
      Map<String, Known> entries = new HashMap<>();
      String bookmark;
      try (Snapshot snapshot = store.snapshot()) {
        for (int i = random.nextInt(20); i > 0; i--) {
          load.next(model, time.now()).to(store);
        }
        if (random.nextBoolean()) {
          store.flush();
          flushed();
        }
        for (String key : snapshot.keys("")) {
          Entry entry = snapshot.entry(key).orElseThrow();
          entries.put(key, new Known(ByteBuffer.wrap(entry.value()), entry.metadata()));
        }
        bookmark = ChangeFeed.bookmark(store, snapshot);
        flushed();
      }
      copy = new Copy(entries, bookmark);
      kept = copy;
      follow();
    }

    private void drain() throws InterruptedException {
      for (int most = random.nextInt(30); most >= 0; most--) {
        Optional<FeedCut> cut;
        try {
          cut = requireNonNull(feed).poll(Duration.ZERO);
        } catch (ChangesLostException e) {
          lost++;
          copyAnew();
          return;
        }
        if (cut.isEmpty()) {
          return;
        }
        Map<String, Known> entries = new HashMap<>(copy.entries);
        cut.get().changes().forEach(change -> apply(change, entries));
        copy = new Copy(entries, cut.get().bookmark());
        taken++;
        compare(cut.get());
      }
    }

    private void apply(KeyChange change, Map<String, Known> entries) {
      if (change.isRemoval()) {
        entries.remove(change.key());
      } else if (change.kind() == ChangeKind.TOUCHED) {
        Known before = requireNonNull(entries.get(change.key()), () -> change + " of " + this);
        entries.put(change.key(), new Known(before.value, change.metadata()));
      } else {
        entries.put(change.key(), new Known(ByteBuffer.wrap(change.value()), change.metadata()));
      }
    }

    private void compare(FeedCut cut) {
      Boundary boundary = boundaries.get(cut.sequence());
      if (boundary == null && durability.equals("written")) {
        return; // Each write is a cut.
      }
      Instant then = requireNonNull(boundary, () -> "no flush at " + cut + " of " + this).time;
      Map<String, Known> alive = new HashMap<>(copy.entries);
      alive.values().removeIf(known -> known.isGoneAt(then));
      assertThat(alive).as("%s of %s", cut, this).isEqualTo(boundary.entries);
    }

    @Override
    public String toString() {
      return "seed " + seed + ", " + durability + ", lost " + lost + ", taken " + taken;
    }
  }
}

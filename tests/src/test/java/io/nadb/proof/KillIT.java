package io.nadb.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import java.io.BufferedReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kills a writing process again and again, and opens what it leaves. */
class KillIT {
  private static final int KILLS = Integer.getInteger("nadb.kill.count", 11);

  @TempDir Path temp;
  private final Random random = new Random();

  /** How far a child had come: the last write begun, and the last one acknowledged. */
  private record Progress(int started, int acknowledged) {}

  /** What an entry is apart from its times. */
  private record Content(ByteBuffer value, Set<String> tags) {}

  @ParameterizedTest
  @CsvSource({"buffered, 1", "written, 1", "synced, 1", "buffered, 4", "written, 4"})
  void aKilledProcessLeavesExactlyOneFlushBoundary(String durability, int threads)
      throws Exception {
    String url =
        "nadb:fs:"
            + temp.resolve(durability)
            + "?segment=64kb&buffer=16kb&flush=5ms&durability="
            + durability;
    for (int kill = 0; kill < KILLS; kill++) {
      long seed = random.nextLong();
      Progress[] progress = runAndKill(url, seed, threads, 1 + random.nextInt(400));
      for (int thread = 0; thread < threads; thread++) {
        if (progress[thread].acknowledged < 0) {
          continue; // It has not even emptied what the one before it left.
        }
        Map<String, Content> found = read(url + "&namespace=t" + thread);
        assertThat(states(seed + thread, progress[thread]))
            .as("kill %s, seed %s, thread %s, %s", kill, seed, thread, progress[thread])
            .contains(found);
      }
    }
  }

  private static Progress[] runAndKill(String url, long seed, int threads, int until)
      throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                KillChild.class.getName(),
                url,
                Long.toString(seed),
                Integer.toString(threads))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int[] started = new int[threads];
    int[] acknowledged = new int[threads];
    Arrays.fill(started, -1);
    Arrays.fill(acknowledged, -1);
    try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.endsWith(".")) { // Else it is torn.
          String[] words = line.substring(0, line.length() - 1).split(" ", -1);
          int number = Integer.parseInt(words[2]);
          (words[0].equals("S") ? started : acknowledged)[Integer.parseInt(words[1])] = number;
          if (number >= until) {
            child.toHandle().destroyForcibly(); // Unlike the process's own, leaves the pipe open.
          }
        }
      }
    } finally {
      child.destroyForcibly();
    }
    assertThat(child.waitFor()).as("killed by SIGKILL").isEqualTo(137);
    assertThat(Arrays.stream(started).max().orElseThrow()).as("it got going").isNotNegative();
    return IntStream.range(0, threads)
        .mapToObj(thread -> new Progress(started[thread], acknowledged[thread]))
        .toArray(Progress[]::new);
  }

  /** All states that are allowed: each prefix of the writes from the acknowledged to the begun. */
  private static List<Map<String, Content>> states(long seed, Progress progress) {
    List<Map<String, Content>> states = new ArrayList<>();
    StoreModel model = new StoreModel();
    Load load = new Load(new Random(seed), 40, 5000);
    for (int i = 0; i <= progress.started + 1; i++) {
      if (i > 0) {
        load.nextWithoutTtl(model, Instant.EPOCH);
      }
      if (i >= progress.acknowledged) {
        StoreModel.View view = model.at(Instant.EPOCH);
        states.add(contents(view.metadata(), view.values()));
      }
    }
    return states;
  }

  private static Map<String, Content> read(String url) {
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store = registry.open(url)) {
      StoreModel.View view = StoreModel.read(store, new Load(new Random(0), 40, 5000).universe());
      return contents(view.metadata(), view.values());
    }
  }

  private static Map<String, Content> contents(
      List<EntryMetadata> metadata, Map<String, ByteBuffer> values) {
    Map<String, Content> contents = new TreeMap<>();
    for (EntryMetadata entry : metadata) {
      ByteBuffer value = values.getOrDefault(entry.key(), ByteBuffer.allocate(0));
      contents.put(entry.key(), new Content(value, entry.tags()));
    }
    return contents;
  }
}

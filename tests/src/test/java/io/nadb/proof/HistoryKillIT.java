package io.nadb.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.ChangeKind;
import io.nadb.KeyValueStore;
import io.nadb.KeyVersion;
import io.nadb.Snapshot;
import io.nadb.StoreRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process whose store keeps its history, as often as it can be caught in the midst of a
 * compaction, and looks whether all of the window is still there.
 */
@Timeout(300)
class HistoryKillIT {
  private static final int KILLS = Integer.getInteger("nadb.kill.history", 2);
  private static final int WINDOW_BYTES = 400 << 10;

  /** What a round takes in the log, at least. */
  private static final int ROUND_BYTES = 40_000;

  @TempDir Path temp;
  private final Random random = new Random();
  private long compactions;
  private int amidCompaction;

  /** The last round that was acknowledged. */
  private int acknowledged;

  private String url() {
    return "nadb:fs:"
        + temp
        + "?segment=64kb&flush=off&sweep=off&metadata=none&compression=none&history=400kb";
  }

  @Test
  void allOfTheWindowIsThereHoweverOftenItIsKilled() throws Exception {
    for (int kill = 0; kill < KILLS; kill++) {
      runAndKill(acknowledged + 20 + random.nextInt(40));
      try (StoreRegistry registry = StoreRegistry.create();
          KeyValueStore store = registry.open("nadb:fs:" + temp + "?access=read")) {
        check(store, "kill " + kill);
      }
    }
    System.out.println(
        amidCompaction + " of " + KILLS + " kills amid " + compactions + " compactions");
    assertThat(compactions).isPositive();
  }

  /** Kills it when it has come so far, and a compaction is under way. */
  private void runAndKill(int until) throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                HistoryKillChild.class.getName(),
                url())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long done = 0;
    try (BufferedReader lines = child.inputReader(UTF_8)) {
      boolean killed = false;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.endsWith(".")) { // Else it is torn.
          String[] words = line.substring(0, line.length() - 1).split(" ", -1);
          acknowledged = Integer.parseInt(words[0]);
          done = Long.parseLong(words[1]);
          if (!killed && acknowledged >= until) {
            awaitCompaction();
            child.toHandle().destroyForcibly(); // Unlike the process's own, leaves the pipe open.
            killed = true;
          }
        }
      }
    } finally {
      child.destroyForcibly();
    }
    assertThat(child.waitFor()).as("killed by SIGKILL").isEqualTo(137);
    compactions += done;
    if (isCompacting()) {
      amidCompaction++;
    }
  }

  /** Waits until one is under way, for so many looks at most. */
  private void awaitCompaction() throws IOException {
    for (int looks = 0; looks < 1000 && !isCompacting(); looks++) {
      Thread.onSpinWait();
    }
  }

  private boolean isCompacting() throws IOException {
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(temp.resolve("main/log"), "*.compact")) {
      return found.iterator().hasNext();
    }
  }

  private void check(KeyValueStore store, String when) {
    List<KeyVersion> versions = store.log("round", Integer.MAX_VALUE);
    int kept = versions.size() - 1; // The last one is what was there when the window begins.
    assertThat(kept * ROUND_BYTES).as(when).isGreaterThanOrEqualTo(WINDOW_BYTES);
    int newest = round(versions.get(0));
    assertThat(newest).as(when).isBetween(acknowledged, acknowledged + 1);
    for (int i = 0; i < kept; i++) {
      KeyVersion version = versions.get(i);
      assertThat(version.kind()).isEqualTo(ChangeKind.SET);
      assertThat(round(version)).as("%s: none is missing", when).isEqualTo(newest - i);
      if (i % 5 == 0 || i == kept - 1) {
        try (Snapshot snapshot = store.snapshotAt(version.time())) {
          checkRound(snapshot, newest - i, when);
        }
      }
    }
  }

  private static int round(KeyVersion version) {
    return number(version.entry().orElseThrow().value());
  }

  private static int number(byte[] text) {
    return Integer.parseInt(new String(text, UTF_8));
  }

  /** Of several rounds in a millisecond, the last one shows. */
  private static void checkRound(Snapshot snapshot, int atLeast, String when) {
    int round = number(snapshot.get("round").orElseThrow());
    assertThat(round).as(when).isBetween(atLeast, atLeast + 20);
    for (int i = 0; i < HistoryKillChild.KEYS; i++) {
      assertThat(snapshot.get("key" + i))
          .as("%s: key%s in round %s", when, i, round)
          .hasValue(HistoryKillChild.value(round, i));
    }
    assertThat(snapshot.keys("fixed")).as(when).hasSize(HistoryKillChild.FIXED);
  }
}

package io.nadb.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.NadbException;
import io.nadb.testing.InMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Does random things to a store, its snapshots, its backups and who follows it, and has the process
 * be killed or the power fail in the midst of any of them. What is found then, what snapshots show,
 * what backups have, what is restored of them, also as of earlier moments, and what a follower has
 * come to is compared with a model.
 */
@Tag("proof")
class BackupModelTest {
  private static final int RUNS = Integer.getInteger("nadb.backup.runs", 1);
  private static final int STEPS = Integer.getInteger("nadb.backup.steps", 500);

  @TempDir(factory = InMemory.class)
  Path temp;

  static LongStream seeds() {
    long random = Long.getLong("nadb.backup.seed", new Random().nextLong());
    return LongStream.range(0, RUNS).map(run -> run == 0 ? random : run);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whateverIsDoneAndWhereverItEndsAllIsAsItWasAtSomeFlush(long seed) throws Exception {
    try {
      new Run(temp, seed).run();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("-Dnadb.backup.seed=" + seed + ": " + e.getMessage(), e);
    }
  }

  /** One run. */
  private static final class Run {
    private final Random random;
    private final ModelWorld world;
    private final ModelSnapshots snapshots;
    private final ModelBackups backups;
    private final ModelFollower follower;

    Run(Path temp, long seed) throws IOException {
      random = new Random(seed);
      world = new ModelWorld(temp, random);
      snapshots = new ModelSnapshots(world);
      backups = new ModelBackups(world);
      follower = new ModelFollower(world);
    }

    void run() throws Exception {
      follower.follow();
      for (int step = 0; step < STEPS; step++) {
        if (random.nextInt(25) == 0) {
          world.dieAfter(random.nextInt(60));
        }
        try {
          step();
        } catch (NadbException e) {
          if (!world.isDead()) {
            throw e;
          }
        }
        if (world.isDead()) {
          snapshots.closeAll();
          world.comeBack();
          backups.afterCrash();
          follower.follow();
        }
      }
      world.live();
      world.flush();
      follower.drain();
      snapshots.check();
      snapshots.closeAll();
      backups.checkAll();
      world.close();
      System.out.println(world + "; " + backups + "; " + follower);
      assertThat(backups.restored).as("restored").isPositive();
      assertThat(follower.taken).as("cuts that were followed").isPositive();
    }

    private void step() throws Exception {
      int dice = random.nextInt(1000);
      if (dice < 90) {
        world.flush();
      } else if (dice < 140) {
        world.time.advance(Duration.ofMillis(random.nextInt(20_000)));
      } else if (dice < 145) {
        world.cleanupExpired();
      } else if (dice < 150) {
        world.clear();
      } else if (dice < 170) {
        snapshots.open();
      } else if (dice < 190) {
        snapshots.check();
      } else if (dice < 240) {
        follower.drain();
      } else if (dice < 270) {
        backups.create();
      } else if (dice < 280) {
        backups.check();
      } else if (dice < 288) {
        backups.prune();
      } else if (dice < 310) {
        backups.restore();
      } else if (dice < 314) {
        snapshots.closeAll();
        backups.goOnWithARestoredStore();
        follower.follow();
      } else if (dice < 318) {
        snapshots.closeAll();
        world.restart();
        follower.follow();
      } else {
        world.write();
      }
    }
  }
}

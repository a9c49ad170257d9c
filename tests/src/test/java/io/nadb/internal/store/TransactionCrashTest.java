package io.nadb.internal.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.Durability;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.Transaction;
import io.nadb.internal.codec.Codec;
import io.nadb.internal.log.LogBackend;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.internal.sync.KeyValueSync;
import io.nadb.internal.watch.Origin;
import io.nadb.internal.watch.StoreProbe;
import io.nadb.testing.InMemory;
import io.nadb.testkit.VirtualTime;
import io.nadb.testkit.disk.CrashImage;
import io.nadb.testkit.disk.CrashImage.Fate;
import io.nadb.testkit.disk.DiskOperation;
import io.nadb.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A transaction is whole or not there, at whatever moment and in whatever way its machine stops.
 */
@Tag("proof")
class TransactionCrashTest {
  private static final int ROUNDS = 8;
  private static final List<String> PARTS = List.of("a", "b", "c", "d", "e");

  @TempDir(factory = InMemory.class)
  Path temp;

  private final VirtualTime time = new VirtualTime();
  private final Set<Integer> found = new TreeSet<>();

  private BufferedEngine open(Path directory, SimulatedDisk disk, Durability durability, int buffer)
      throws IOException {
    KeyValueSync sync = new KeyValueSync(time, "nadb-sync-test");
    LogSettings settings = new LogSettings(64 << 10, Codec.NONE, false, Long.MAX_VALUE);
    return BufferedEngine.open(
        new EngineSettings(
            "test", buffer, Optional.empty(), Optional.empty(), durability, Duration.ofSeconds(30)),
        time,
        sync,
        new RemovalDelivery(time, "nadb-removals-test"),
        LogBackend.open(directory, settings, disk, time),
        new StoreProbe(new Origin("test", "nadb:fs:test", List.of(), this, sync::status, time)));
  }

  /** Sets all parts to the number of a round, and replaces the key of the round before. */
  private static boolean change(Transaction transaction, int round) {
    byte[] value = (round + " " + "x".repeat(round % 7 == 0 ? 2000 : 50)).getBytes(UTF_8);
    for (String part : PARTS) {
      transaction.set(part, value);
    }
    transaction.set("round" + round, value, SetOptions.tags("t"));
    return transaction.delete("round" + (round - 1));
  }

  private static void write(BufferedEngine engine, int round) {
    engine.transaction("default", transaction -> change(transaction, round));
    if (round % 2 == 0) {
      engine.flush();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BUFFERED, 4096, false", "BUFFERED, 1048576, true",
    "WRITTEN, 4096, false", "WRITTEN, 1048576, true",
    "SYNCED, 1048576, true"
  })
  void aCrashLeavesATransactionWholeOrNothingOfIt(Durability durability, int buffer, boolean faults)
      throws IOException {
    Path directory = Files.createDirectories(temp.resolve("store/main"));
    SimulatedDisk disk = new SimulatedDisk(directory);
    BufferedEngine engine = open(directory, disk, durability, buffer);
    int failures = 0;
    disk.failing(index -> faults && index % 23 == 22 ? SimulatedDisk.Fault.HALF_DONE : null);
    for (int round = 1; round <= ROUNDS; round++) {
      try {
        write(engine, round);
      } catch (NadbException e) {
        failures++;
      }
    }
    disk.heal();
    engine.close();
    assertThat(failures > 0).as("failures").isEqualTo(faults);

    CrashImage image = new CrashImage(disk);
    List<DiskOperation> operations = disk.operations();
    for (int count = 0; count <= operations.size(); count++) {
      image.advance(operations, count);
      List<Fate> doubtful = List.of(Fate.KEPT, Fate.LOST, Fate.MOMENTS, Fate.RANDOM);
      for (Fate fate : image.isCertain() ? List.of(Fate.KEPT) : doubtful) {
        Path to = temp.resolve("image" + count + fate);
        image.write(directory, to.resolve("main"), fate, new Random(count));
        check(to, fate + " after operation " + count);
      }
    }
    assertThat(found).as("rounds that were found").contains(0, ROUNDS).hasSizeGreaterThan(2);
  }

  private void check(Path directory, String what) {
    try (StoreRegistry registry = StoreRegistry.create(time);
        KeyValueStore store = registry.open("nadb:fs:" + directory + "?metadata=none&flush=off")) {
      List<String> rounds = new ArrayList<>();
      for (String part : PARTS) {
        rounds.add(store.get(part).map(TransactionCrashTest::round).orElse("0"));
      }
      assertThat(rounds).as(what).containsOnly(rounds.get(0));
      assertThat(store.keys("round"))
          .as(what)
          .isEqualTo(rounds.get(0).equals("0") ? List.of() : List.of("round" + rounds.get(0)));
      found.add(Integer.parseInt(rounds.get(0)));
    }
  }

  private static String round(byte[] value) {
    String text = new String(value, UTF_8);
    return text.substring(0, text.indexOf(' '));
  }
}

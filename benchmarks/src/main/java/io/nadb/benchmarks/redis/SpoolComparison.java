package io.nadb.benchmarks.redis;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import io.nadb.benchmarks.data.Keys;
import io.nadb.testkit.redis.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** What a set costs when there is a log in front of the server. */
final class SpoolComparison implements AutoCloseable {
  private final Path directory;
  private final StoreRegistry registry = StoreRegistry.create(TimeSource.system());
  private final KeyValueStore direct;
  private final KeyValueStore written;
  private final KeyValueStore synced;
  private final IntFunction<byte[]> values;
  private final RedisBenchmark.Sizes sizes;

  /**
   * Opens the stores, whose logs are on the disk of the temporary directory.
   *
   * @param direct the store whose writes go out at once
   */
  SpoolComparison(
      RedisServer server,
      KeyValueStore direct,
      IntFunction<byte[]> values,
      RedisBenchmark.Sizes sizes) {
    try {
      this.directory = Files.createTempDirectory("nadb-spool");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.direct = direct;
    this.written = open(server, "written");
    this.synced = open(server, "synced");
    this.values = values;
    this.sizes = sizes;
  }

  private KeyValueStore open(RedisServer server, String durability) {
    return registry.open(
        server.url(
            "db=" + durability, "sweep=off", "spool=" + directory, "durability=" + durability));
  }

  Comparison comparison() {
    return new Comparison(
        "Set, with a log in front",
        "A value of 100 bytes: with `spool`, a set returns once the log has it, and a buffer of 1 MB"
            + " goes to the server meanwhile; and at once.",
        List.of(
            new Contestant("nadb, spool, written", i -> set(written, i)),
            new Contestant("nadb, spool, synced", i -> set(synced, i)),
            new Contestant("nadb, immediate", i -> set(direct, i))),
        Math.max(1, sizes.repetitions() / 2),
        1,
        Comparison.NO_TARGET);
  }

  private void set(KeyValueStore store, int number) {
    store.set(Keys.of(number % sizes.keys()), values.apply(number));
  }

  @Override
  public void close() {
    registry.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

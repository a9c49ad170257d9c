package io.nadb.benchmarks.caches;

import io.nadb.testkit.redis.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Measures caches and sessions beside their peers, and writes the page: cache-benchmarks/run. */
public final class CacheBenchmarks {
  private static final Path PAGE = Path.of("docs", "cache-performance.md");
  private static final Path REMARKS = Path.of("cache-benchmarks", "remarks.md");
  private static final Sizes FULL = new Sizes(20_000, 40_000, 4_000, 11);

  private CacheBenchmarks() {}

  /** How much is done. */
  record Sizes(int entries, int operations, int sessionOperations, int rounds) {}

  /** Measures, and writes the page. */
  public static void main(String[] arguments) throws Exception {
    String page =
        run(
            "Measured on "
                + LocalDate.now(ZoneOffset.UTC)
                + " by `cache-benchmarks/run`, on "
                + Runtime.getRuntime().availableProcessors()
                + " processors, Java "
                + Runtime.version().feature()
                + ", a heap of 2 GB, Redis on the same machine",
            FULL);
    Files.writeString(PAGE, page + "\n" + Files.readString(REMARKS));
    System.out.println(page + "\nThe page: " + PAGE);
    System.exit(0); // Some of the peers leave threads behind.
  }

  static String run(String how, Sizes sizes) throws Exception {
    Path directory = Files.createTempDirectory("nadb-caches");
    try (Closing closing = new Closing()) {
      RedisServer redis = closing.add(RedisServer.findOrStart());
      JCaches jcaches = closing.add(new JCaches(directory));
      CacheContests.Sizes cached = new CacheContests.Sizes(sizes.entries(), sizes.operations());
      List<Contest> contests = new ArrayList<>(CacheContests.ofJCache(jcaches, cached));
      contests.addAll(CacheContests.ofSpring(jcaches, directory, redis, cached, closing));
      contests.addAll(
          SessionContests.of(
              directory, redis, sizes.entries() / 10, sizes.sessionOperations(), closing));
      CachePage page = new CachePage(how);
      for (Contest contest : contests) {
        page.add(contest, contest.measure(sizes.rounds()));
        System.err.println("measured: " + contest.title());
      }
      return page.text();
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(directory)) {
      files = walk.sorted((one, other) -> other.compareTo(one)).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}

package io.nadb.benchmarks.caches;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The comparison, so small that the figures mean nothing. */
class CacheBenchmarksIT {

  @Test
  void everyContestIsOnThePageWithAFigureForEachContender() throws Exception {
    String page = CacheBenchmarks.run("as a test", new CacheBenchmarks.Sizes(200, 400, 20, 1));

    assertThat(page)
        .contains("as a test", JCaches.EHCACHE_DISK, JCaches.EHCACHE_OFF_HEAP, JCaches.CAFFEINE)
        .contains("RedisCacheManager", "Spring Session JDBC", "Spring Session Redis")
        .doesNotContain("NaN", "Infinity");
    assertThat(page.lines().filter(line -> line.matches("\\| .* \\| (yes|\\*\\*no\\*\\*) \\|")))
        .hasSize(4);
    assertThat(page.lines().filter(line -> line.startsWith("## "))).hasSize(10);
  }
}

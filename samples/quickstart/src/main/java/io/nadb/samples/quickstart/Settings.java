package io.nadb.samples.quickstart;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What to do.
 *
 * @param folder the folder to store
 * @param directory where the store goes; it must be empty or not exist
 * @param flush the flush interval
 * @param ttl how long the note lives
 * @param maxFileBytes bigger files are left out: a value is held in memory as a whole
 */
record Settings(Path folder, Path directory, Duration flush, Duration ttl, long maxFileBytes) {

  static Settings of(Path folder, Path directory) {
    long heapShare = Runtime.getRuntime().maxMemory() / 8;
    return new Settings(
        folder,
        directory,
        Duration.ofSeconds(5),
        Duration.ofSeconds(2),
        Math.min(heapShare, 1L << 30));
  }

  String url() {
    String path = directory.toString().replace("%", "%25").replace("?", "%3F");
    return "nadb:fs:" + path + "?buffer=1mb&flush=" + Text.duration(flush);
  }
}

package io.nadb.benchmarks.redis;

import io.nadb.testkit.redis.RedisServer;

/**
 * How many commands a server has been sent.
 *
 * @param total all that it has carried out, also from within scripts
 * @param scripts how many of them were scripts
 */
record CommandCount(long total, long scripts) {

  static CommandCount of(RedisServer server) {
    long total = 0;
    long scripts = 0;
    for (String line : server.command("INFO", "commandstats").split("\r?\n", -1)) {
      if (line.startsWith("cmdstat_")) {
        long calls = Long.parseLong(line.replaceAll("[^:]*:calls=(\\d+),.*", "$1"));
        total += calls;
        if (line.startsWith("cmdstat_eval")) {
          scripts += calls;
        }
      }
    }
    return new CommandCount(total, scripts);
  }

  /** How many commands came in between from outside, if all work was done by scripts or none. */
  long since(CommandCount before) {
    long inScripts = scripts - before.scripts;
    return inScripts > 0 ? inScripts : total - before.total - 1;
  }
}

package io.nadb.benchmarks.redis;

import io.nadb.testkit.redis.RedisServer;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisClient;

/** What a server notes of commands that have kept it long. */
final class SlowLog {
  private SlowLog() {}

  /** Returns how long the longest command took that is in it; 0 if there is none. */
  static double longestMillis(RedisServer server) {
    try (RedisClient client = RedisClient.create(server.host(), server.port())) {
      long longest = 0;
      Object log =
          client.executeCommand(new CommandArguments(Command.SLOWLOG).add("GET").add("100000"));
      if (log instanceof List<?> entries) {
        for (Object entry : entries) {
          if (entry instanceof List<?> fields && fields.get(2) instanceof Long micros) {
            longest = Math.max(longest, micros);
          }
        }
      }
      return longest / 1e3;
    }
  }
}

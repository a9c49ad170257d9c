package io.nadb.internal.redis;

import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/** The sentinels that watch over a master, and are asked where it is. */
final class Sentinels {
  private static final String EPOCH = "config-epoch";
  private static final int LEAST_MILLIS = 50;

  private final List<HostAndPort> sentinels;
  private final String name;
  private final IntFunction<JedisClientConfig> client;
  private final @Nullable Secret password;
  private final int timeoutMillis;

  /**
   * Asks nobody yet.
   *
   * @param name the name that the sentinels have for the master
   * @param client how to connect to a sentinel within a number of milliseconds
   * @param password what {@code client} gives, if anything
   * @param timeoutMillis how long it may take to ask all of them
   */
  Sentinels(
      List<HostAndPort> sentinels,
      String name,
      IntFunction<JedisClientConfig> client,
      @Nullable Secret password,
      int timeoutMillis) {
    this.sentinels = List.copyOf(sentinels);
    this.name = name;
    this.client = client;
    this.password = password;
    this.timeoutMillis = timeoutMillis;
  }

  /**
   * Where the master is.
   *
   * @param epoch the number of the failover that made it one; a higher one is later
   */
  record Master(HostAndPort node, long epoch) {}

  List<HostAndPort> all() {
    return sentinels;
  }

  /**
   * Finds the master: as the first sentinel says that knows of the latest failover known here; else
   * as the one says that knows of the latest.
   *
   * @throws JedisException if no sentinel tells
   */
  Master find(long knownEpoch) {
    Master best = null;
    StringBuilder reasons = new StringBuilder();
    for (HostAndPort sentinel : sentinels) {
      try {
        Master master = ask(sentinel);
        if (master.epoch >= knownEpoch) {
          return master;
        }
        best = best == null || master.epoch > best.epoch ? master : best;
      } catch (JedisException e) {
        if (RedisFailures.isInterruption(e)) {
          throw e;
        }
        reasons.append(reasons.length() == 0 ? "" : "; ").append(sentinel).append(": ");
        reasons.append(RedisFailures.innermost(e));
      }
    }
    if (best == null) {
      throw new JedisConnectionException("no sentinel tells where the master is: " + reasons);
    }
    return best;
  }

  /** Asks one sentinel. */
  Master ask(HostAndPort sentinel) {
    int millis = Math.max(LEAST_MILLIS, timeoutMillis / sentinels.size());
    try (Line line = connect(plug(sentinel), millis)) {
      line.sendCommand(Command.SENTINEL, "get-master-addr-by-name", name);
      if (!(line.getOne() instanceof List<?> address)) {
        throw new JedisConnectionException("it knows no master '" + name + "'");
      }
      line.sendCommand(Command.SENTINEL, "master", name);
      return new Master(
          new HostAndPort(text(address, 0), Integer.parseInt(text(address, 1))),
          epoch(Replies.list(line.getOne())));
    }
  }

  private static long epoch(List<?> fields) {
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      if (text(fields, i).equals(EPOCH)) {
        return Long.parseLong(text(fields, i + 1));
      }
    }
    return 0;
  }

  private static String text(List<?> list, int i) {
    return Keyspace.text(Replies.bytes(list.get(i)));
  }

  /** A line to a sentinel that is not connected yet, and whoever has it can cut it. */
  Plug plug(HostAndPort sentinel) {
    return new Plug(sentinel, client.apply(timeoutMillis));
  }

  /** Connects to a sentinel, each step within a time. */
  Line connect(Plug plug, int millis) {
    return Line.connect(plug, client.apply(millis), password);
  }
}

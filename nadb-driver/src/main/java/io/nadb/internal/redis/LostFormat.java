package io.nadb.internal.redis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * Finds out from a database's entries into how many partitions it is divided, when the key that
 * says so is gone: the names of the entries tell.
 */
final class LostFormat {
  private static final byte[] START = {'0'};
  private static final byte[] MATCH = Keyspace.utf8("MATCH");
  private static final byte[] COUNT = Keyspace.utf8("COUNT");
  private static final byte[] PAGE = Keyspace.utf8("1000");

  /** The namespace, then perhaps a partition's number, then the key. */
  private static final Pattern ENTRY =
      Pattern.compile("(?s)[^:}]*(?::(?<number>[0-9]{1,4}))?}:e:(?<key>.+)");

  private final Dispatcher dispatcher;
  private final RedisSettings settings;
  private final String start;
  private boolean found;
  private boolean undivided = true;
  private int fits = -1;

  LostFormat(Dispatcher dispatcher, RedisSettings settings) {
    this.dispatcher = dispatcher;
    this.settings = settings;
    this.start = Keyspace.start(settings.db());
  }

  /**
   * Goes through all keys; returns the number that fits to all entries, the one that is asked for
   * if it does, or 0 if there are none.
   *
   * @throws io.nadb.CorruptStoreException if none fits
   */
  int find() {
    byte[] pattern = Keyspace.utf8(Keyspace.literal(start) + "*");
    for (HostAndPort master : dispatcher.masters()) {
      byte[] cursor = START;
      do {
        Map<HostAndPort, Request> request = new LinkedHashMap<>();
        request.put(master, Request.command(0, Command.SCAN, cursor, MATCH, pattern, COUNT, PAGE));
        List<?> page = Replies.list(dispatcher.askEach(request).get(master));
        cursor = Replies.bytes(page.get(0));
        Replies.list(page.get(1)).forEach(this::note);
      } while (!Keyspace.text(cursor).equals("0"));
    }
    return found ? number() : 0;
  }

  /** Keeps in {@code fits} a bit for each power of two that fits to all entries so far. */
  private void note(@Nullable Object name) {
    String text = Keyspace.text(Replies.bytes(name));
    Matcher entry = ENTRY.matcher(text.substring(start.length()));
    if (!entry.matches()) {
      return;
    }
    found = true;
    String number = entry.group("number");
    undivided &= number == null;
    int slot = JedisClusterCRC16.getSlot(Keyspace.utf8(entry.group("key")));
    for (int partitions = 2; partitions <= Format.MAX_PARTITIONS; partitions *= 2) {
      if (number == null || slot % partitions != Integer.parseInt(number)) {
        fits &= ~partitions;
      }
    }
  }

  private int number() {
    if (undivided) {
      return 1;
    }
    int wanted = settings.partitions().orElse(Format.ON_A_CLUSTER);
    if (wanted > 1 && (fits & wanted) != 0) {
      return wanted;
    }
    for (int partitions = 2; partitions <= Format.MAX_PARTITIONS; partitions *= 2) {
      if ((fits & partitions) != 0) {
        return partitions;
      }
    }
    throw dispatcher
        .failures()
        .corrupt(
            Keyspace.format(settings.db()),
            "it is gone, and there are entries of several layouts",
            null);
  }
}

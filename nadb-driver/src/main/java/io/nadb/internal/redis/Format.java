package io.nadb.internal.redis;

import io.nadb.NadbException;
import io.nadb.internal.redis.Dispatcher.Access;
import io.nadb.internal.redis.Keyspace.Partition;
import java.util.List;

/** How a database is laid out, which whoever opens it first writes down for the others. */
final class Format {
  private static final String VERSION = "1";
  private static final int ON_A_CLUSTER = 64;
  private static final int MAX_PARTITIONS = 1024;

  private final Dispatcher dispatcher;
  private final RedisSettings settings;

  Format(Dispatcher dispatcher, RedisSettings settings) {
    this.dispatcher = dispatcher;
    this.settings = settings;
  }

  /**
   * Returns the number of partitions, and sets the clock.
   *
   * @throws NadbException if the database is of another version, or has not as many as asked for
   */
  int open(ServerClock clock) {
    int wanted = settings.partitions().orElse(settings.cluster() ? ON_A_CLUSTER : 1);
    byte[] name = Keyspace.format(settings.db());
    Request request =
        Request.script(
            new Partition(Keyspace.text(name)),
            Script.FORMAT,
            List.of(name),
            Keyspace.utf8(Integer.toString(wanted)));
    List<?> answer = Replies.list(dispatcher.run(request, name, Access.WRITE));
    String version = Keyspace.text(Replies.bytes(answer.get(0)));
    if (!version.equals(VERSION)) {
      throw new NadbException(
          describe()
              + " has a layout of version '"
              + version
              + "', and this NADB knows version "
              + VERSION
              + " only; open it with the NADB that wrote it, or use another db");
    }
    clock.shows(Replies.number(answer.get(2)));
    int partitions = partitions(name, Keyspace.text(Replies.bytes(answer.get(1))));
    if (settings.partitions().isPresent() && partitions != wanted) {
      throw new NadbException(
          describe()
              + " has "
              + partitions
              + " partitions, but partitions="
              + wanted
              + " was asked for; leave the option out, or use another db");
    }
    return partitions;
  }

  private int partitions(byte[] name, String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= MAX_PARTITIONS && Integer.bitCount(number) == 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw dispatcher
        .failures()
        .corrupt(
            name, "partitions is '" + text + "', not a power of two up to " + MAX_PARTITIONS, null);
  }

  private String describe() {
    return "the database '" + settings.db() + "' on the " + settings;
  }
}

package io.nadb.internal.redis;

import io.nadb.NadbException;
import io.nadb.internal.redis.Dispatcher.Access;
import io.nadb.internal.redis.Keyspace.Partition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a database is laid out, which whoever opens it first writes down for the others. */
final class Format {
  private static final String VERSION = "1";
  static final int ON_A_CLUSTER = 64;
  static final int MAX_PARTITIONS = 1024;

  private final Dispatcher dispatcher;
  private final RedisSettings settings;
  private final Evictions evictions;
  private final byte[] name;

  Format(Dispatcher dispatcher, RedisSettings settings, Evictions evictions) {
    this.dispatcher = dispatcher;
    this.settings = settings;
    this.evictions = evictions;
    this.name = Keyspace.format(settings.db());
  }

  /**
   * Returns the number of partitions, and sets the clock.
   *
   * @throws NadbException if the database is of another version, or has not as many as asked for
   */
  int open(ServerClock clock) {
    int wanted = settings.partitions().orElse(settings.cluster() ? ON_A_CLUSTER : 1);
    List<?> answer = Replies.list(dispatcher.result(ask(Writes.NONE), name));
    clock.shows(Replies.number(answer.get(2)));
    if (Replies.bytes(answer.get(0)).length > 0 || Replies.bytes(answer.get(1)).length > 0) {
      return laidOut(answer);
    }
    // New, or the server has taken away the key that says so.
    int found = evictions.mayHaveTakenIndexes() ? new LostFormat(dispatcher, settings).find() : 0;
    if (found > 0 && settings.partitions().isPresent() && found != wanted) {
      throw otherNumber(found);
    }
    return write(found > 0 ? found : wanted);
  }

  /**
   * Writes the layout again if the server has taken it away since.
   *
   * @throws NadbException if somebody else has laid out the database in another way since
   */
  void keep(int partitions) {
    int present = write(partitions);
    if (present != partitions) {
      throw new NadbException(
          describe()
              + " has lost its key "
              + Keyspace.text(name)
              + ", and was laid out anew by somebody else, with "
              + present
              + " partitions instead of "
              + partitions
              + "; what is written here is not found there, and the reverse. Close all its stores,"
              + " and have them open it with partitions="
              + partitions
              + ", or empty it");
    }
  }

  private int write(int partitions) {
    Object reply = ask(Writes.number(partitions));
    if (RedisFailures.mayNotWrite(reply)) {
      return partitions; // Whoever may writes it down.
    }
    return laidOut(Replies.list(dispatcher.result(reply, name)));
  }

  private @Nullable Object ask(byte[] partitions) {
    Request request =
        Request.script(
            new Partition(Keyspace.text(name)), Script.FORMAT, List.of(name), partitions);
    return dispatcher.askAll(List.of(request), Access.READ).get(0);
  }

  private int laidOut(List<?> answer) {
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
    int partitions = partitions(name, Keyspace.text(Replies.bytes(answer.get(1))));
    if (settings.partitions().isPresent() && partitions != settings.partitions().get()) {
      throw otherNumber(partitions);
    }
    return partitions;
  }

  private NadbException otherNumber(int partitions) {
    return new NadbException(
        describe()
            + " has "
            + partitions
            + " partitions, but partitions="
            + settings.partitions().orElseThrow()
            + " was asked for; leave the option out, or use another db");
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

package io.nadb.internal.redis;

import io.nadb.internal.redis.Dispatcher.Access;
import io.nadb.internal.redis.Keyspace.Partition;
import io.nadb.internal.spool.Mark;
import io.nadb.internal.spool.SpooledWrite;
import io.nadb.spi.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/**
 * Makes the writes of spools on a single server: one script makes many, in their order, and notes
 * in the spool's mark how far they have come. Like any write, it is not sent again if it may have
 * been done; who sends it goes by the mark.
 */
final class Spools {
  private static final byte[] SET = Keyspace.utf8("set");
  private static final byte[] DELETE = Keyspace.utf8("delete");

  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final ServerClock clock;

  Spools(Dispatcher dispatcher, Keyspace keyspace, ServerClock clock) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
    this.clock = clock;
  }

  /** The mark of a spool. */
  Mark mark(String spool) {
    Partition database = keyspace.database();
    byte[] name = name(database, spool);
    Request get = Request.command(database.slot(), Command.GET, name);
    return read(dispatcher.checked(dispatcher.askAll(List.of(get), Access.READ).get(0), name));
  }

  /** Makes writes and sets the mark, if it is as expected; returns it if it is another one. */
  Optional<Mark> forward(
      String spool, Mark expected, String opening, long sequence, List<SpooledWrite> writes) {
    Partition database = keyspace.database();
    List<byte[]> keys = new ArrayList<>();
    keys.add(name(database, spool));
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(clock.given());
    arguments.add(Keyspace.utf8(expected.text()));
    arguments.add(Keyspace.utf8(opening));
    arguments.add(Writes.number(sequence));
    for (SpooledWrite each : writes) {
      byte[] key = Keyspace.utf8(each.key());
      Partition partition = keyspace.partition(each.namespace(), key);
      keys.add(partition.entry(key));
      arguments.add(Writes.number(partition.start().length));
      add(arguments, each.write());
    }
    Request request =
        Request.script(database, Script.FORWARD, keys, arguments.toArray(new byte[0][]));
    Object reply = dispatcher.run(request, keys.get(0), Access.WRITE);
    return reply instanceof Long ? Optional.empty() : Optional.of(read(reply));
  }

  private static byte[] name(Partition database, String spool) {
    return Keyspace.utf8(Keyspace.text(database.start()) + "s:" + spool);
  }

  private static Mark read(@Nullable Object text) {
    return new Mark(text == null ? "" : Keyspace.text(Replies.bytes(text)));
  }

  private static void add(List<byte[]> arguments, Write write) {
    arguments.add(Writes.number(write.sequence()));
    if (write.isDelete()) {
      arguments.add(DELETE);
      arguments.addAll(
          List.of(Writes.NONE, Writes.NONE, Writes.NONE, Writes.NONE, Writes.NONE, Writes.NONE));
      return;
    }
    boolean expires = write.expiresAt() != Write.NEVER;
    arguments.add(SET);
    arguments.add(write.value());
    arguments.add(Keyspace.utf8(TagJson.write(write.tags())));
    arguments.add(expires ? Writes.number(write.expiresAt()) : Writes.NONE);
    arguments.add(Writes.number(write.created()));
    arguments.add(Writes.number(write.updated()));
    arguments.add(write.inheritsCreated() ? Writes.YES : Writes.NO);
  }
}

package io.nadb.internal.redis;

import io.nadb.internal.redis.Keyspace.Partition;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/** A command or a script for one slot. Immutable by agreement: nobody writes to its arrays. */
final class Request {
  private static final byte[] HERE = {'0'};
  private static final byte[] BEING_MOVED_HERE = {'1'};

  private final int slot;
  private final Command command;
  private final @Nullable Script script;
  private final List<byte[]> keys;
  private final byte[][] arguments;

  private Request(
      int slot, Command command, @Nullable Script script, List<byte[]> keys, byte[][] arguments) {
    this.slot = slot;
    this.command = command;
    this.script = script;
    this.keys = keys;
    this.arguments = arguments;
  }

  /** A plain command, its keys among the arguments. */
  static Request command(int slot, Command command, byte[]... arguments) {
    return new Request(slot, command, null, List.of(), arguments);
  }

  /** A script for a partition, whose two common arguments are added. */
  static Request script(
      Partition partition, Script script, List<byte[]> keys, byte[]... arguments) {
    byte[][] all = new byte[arguments.length + 2][];
    all[0] = HERE;
    all[1] = partition.start();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return new Request(partition.slot(), Command.EVALSHA, script, keys, all);
  }

  int slot() {
    return slot;
  }

  /** How many bytes it has, nearly. */
  long bytes() {
    long sum = 0;
    for (byte[] argument : arguments) {
      sum += argument.length;
    }
    for (byte[] key : keys) {
      sum += key.length;
    }
    return sum;
  }

  /**
   * Whether it is to be asked in parts if its keys are not all in one place, while their slot is
   * moved.
   */
  boolean hasParts() {
    return script == Script.SET_MANY || script == Script.DELETE_MANY || command == Command.UNLINK;
  }

  /**
   * Writes it to the connection's buffer.
   *
   * @param source whether a script is sent as text, since the server does not know its digest
   * @param asking whether the slot is being moved to the node
   */
  void send(Connection connection, boolean source, boolean asking) {
    CommandArguments all;
    if (script == null) {
      all = new CommandArguments(command);
    } else {
      all = new CommandArguments(source ? Command.EVAL : Command.EVALSHA);
      all.add(source ? script.source() : script.digest());
      all.add(keys.size());
      keys.forEach(all::add);
    }
    for (int i = 0; i < arguments.length; i++) {
      all.add(i == 0 && asking && script != null ? BEING_MOVED_HERE : arguments[i]);
    }
    connection.sendCommand(all);
  }
}

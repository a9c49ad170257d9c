package io.nadb.internal.redis;

import io.nadb.internal.redis.Dispatcher.Access;
import io.nadb.internal.redis.Keyspace.Partition;
import io.nadb.spi.Commit;
import io.nadb.spi.Commit.Intent;
import io.nadb.spi.Commit.Name;
import io.nadb.spi.Commit.Version;
import io.nadb.spi.Write;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Sends the commits of transactions: one script each, which compares all that was read, and then
 * writes. Like any write, it is not sent again if it may have been done.
 */
final class Commits {
  private static final byte[] NOTHING = Keyspace.utf8("nothing");
  private static final byte[] ENTRY = Keyspace.utf8("entry");
  private static final byte[] VALUE = Keyspace.utf8("value");
  private static final byte[] SET = Keyspace.utf8("set");
  private static final byte[] DELETE = Keyspace.utf8("delete");

  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final ServerClock clock;

  Commits(Dispatcher dispatcher, Keyspace keyspace, ServerClock clock) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
    this.clock = clock;
  }

  /**
   * Refuses two keys that may be, or come to be, on two nodes of a cluster. A single server has all
   * of them, whatever their namespace.
   */
  void checkTogether(Name one, Name other) {
    if (!dispatcher.slotsMove() || partition(one) == partition(other)) {
      return;
    }
    throw new IllegalArgumentException(
        dispatcher.failures().place()
            + ": the keys '"
            + one.key()
            + "' and '"
            + other.key()
            + (one.namespace().equals(other.namespace())
                ? "' are in two partitions of the database"
                : "' are in the namespaces '"
                    + one.namespace()
                    + "' and '"
                    + other.namespace()
                    + "'")
            + ", which may be on two nodes of the cluster, and no transaction reaches both; keep"
            + " what changes together in one namespace, and give its keys the same text in braces"
            + " (as in '{order:7}:state' and '{order:7}:items'), or create the database with"
            + " partitions=1");
  }

  private Partition partition(Name name) {
    return keyspace.partition(name.namespace(), Keyspace.utf8(name.key()));
  }

  /** Makes a commit, in one round trip; returns an entry that has changed, if there is one. */
  Optional<Name> make(Commit commit) {
    Set<Name> all = new LinkedHashSet<>(commit.reads().keySet());
    all.addAll(commit.writes().keySet());
    List<Name> names = new ArrayList<>(all);
    List<byte[]> keys = new ArrayList<>();
    Set<byte[]> created = new TreeSet<>(Arrays::compare);
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(clock.given());
    arguments.add(Writes.number(names.size()));
    for (Name name : names) {
      Partition partition = partition(name);
      byte[] entry = partition.entry(Keyspace.utf8(name.key()));
      Intent intent = commit.writes().get(name);
      keys.add(entry);
      arguments.add(Writes.number(partition.start().length));
      addRead(arguments, commit.reads().get(name));
      addWrite(arguments, intent);
      if (intent != null && dispatcher.slotsMove()) {
        Write write = intent.write();
        boolean expires = write.expiresAt() != Write.NEVER;
        created.addAll(Writes.created(partition, entry, write.tags(), expires));
      }
    }
    keys.forEach(created::remove);
    byte[] first = keys.get(0);
    keys.addAll(created);
    Request request =
        Request.script(
            partition(names.get(0)), Script.COMMIT, keys, arguments.toArray(new byte[0][]));
    Access access = commit.writes().isEmpty() ? Access.READ : Access.WRITE;
    long changed = Replies.number(dispatcher.run(request, first, access));
    return changed == 0 ? Optional.empty() : Optional.of(names.get((int) changed - 1));
  }

  private static void addRead(List<byte[]> arguments, @Nullable Version read) {
    String value = read == null ? "" : read.value();
    arguments.add(read == null ? NOTHING : value.isEmpty() ? ENTRY : VALUE);
    arguments.add(read == null ? Writes.NONE : Keyspace.utf8(read.entry()));
    arguments.add(Keyspace.utf8(value));
  }

  private static void addWrite(List<byte[]> arguments, @Nullable Intent intent) {
    Write write = intent == null ? null : intent.write();
    boolean sets = write != null && !write.isDelete();
    arguments.add(write == null ? NOTHING : sets ? SET : DELETE);
    if (intent == null || write == null || !sets) {
      arguments.addAll(List.of(Writes.NONE, Writes.NONE, Writes.NONE, Writes.NONE, Writes.NONE));
      return;
    }
    boolean begins = write.expiresAt() != Write.NEVER && !intent.keepsExpiry();
    long left = Math.min(write.expiresAt() - write.updated(), Writes.LONGEST_MILLIS);
    arguments.add(write.value());
    arguments.add(Keyspace.utf8(TagJson.write(write.tags())));
    arguments.add(begins ? Writes.number(left) : Writes.NONE);
    arguments.add(write.inheritsCreated() ? Writes.YES : Writes.NO);
    arguments.add(intent.keepsExpiry() ? Writes.YES : Writes.NO);
  }
}

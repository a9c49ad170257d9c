package io.nadb.internal.redis;

import io.nadb.internal.redis.Dispatcher.Access;
import io.nadb.internal.redis.Keyspace.Partition;
import io.nadb.internal.report.Logbook;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * Makes the indexes of a namespace anew, from its entries, when some of them may be lost.
 *
 * <p>Others go on writing meanwhile. Whoever finds that an index is lost takes away the mark that
 * this has set at the beginning; then the end is not reached, and whoever asks next begins anew.
 * What is found is right all the same: it is found in the entries.
 */
final class Rebuild {
  private static final Logbook LOG = Logbook.of(Rebuild.class);
  private static final byte[] BEGIN = Keyspace.utf8("begin");
  private static final byte[] ENTER = Keyspace.utf8("enter");
  private static final byte[] END = Keyspace.utf8("end");

  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final Entries entries;
  private final Listing listing;
  private final LongAdder count = new LongAdder();

  Rebuild(Dispatcher dispatcher, Keyspace keyspace, Entries entries, Listing listing) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
    this.entries = entries;
    this.listing = listing;
  }

  /** How many times indexes have been made anew. */
  long count() {
    return count.sum();
  }

  /**
   * Goes through all entries of a namespace, and gives each that has tags to {@code each}, once.
   */
  void run(String namespace, Consumer<StoredEntry> each) {
    byte[] mark = Keyspace.utf8(UUID.randomUUID().toString());
    List<Partition> partitions = keyspace.partitions(namespace);
    List<HostAndPort> homes = homes(partitions);
    boolean writes = stepAll(partitions, BEGIN, mark);
    Set<String> seen = new HashSet<>();
    listing.scan(
        namespace,
        "",
        keys ->
            keys.forEach(
                (partition, some) -> {
                  List<StoredEntry> found = entries.read(partition, some);
                  if (writes) {
                    enter(partition, found, mark);
                  }
                  for (StoredEntry entry : found) {
                    if (!entry.tags().isEmpty() && seen.add(entry.key())) {
                      each.accept(entry);
                    }
                  }
                }));
    // Of a slot that has moved meanwhile, the walk may have missed entries.
    if (writes && homes(partitions).equals(homes) && stepAll(partitions, END, mark)) {
      count.increment();
      LOG.log(
          Level.WARNING,
          dispatcher.failures().place()
              + ": indexes of the namespace '"
              + namespace
              + "' may have been lost, and were made anew from its entries",
          (Throwable) null);
    }
  }

  private List<HostAndPort> homes(List<Partition> partitions) {
    return partitions.stream().map(partition -> dispatcher.home(partition.slot())).toList();
  }

  /** Begins or ends everywhere; returns whether that went, for it may not be for this user. */
  private boolean stepAll(List<Partition> partitions, byte[] step, byte[] mark) {
    List<Request> requests = new ArrayList<>();
    for (Partition partition : partitions) {
      requests.add(
          Request.script(partition, Script.REINDEX, List.of(partition.tags()), step, mark));
    }
    boolean all = true;
    List<@Nullable Object> answers = dispatcher.askAll(requests, Access.READ);
    for (int i = 0; i < answers.size(); i++) {
      if (RedisFailures.mayNotWrite(answers.get(i))) {
        return false;
      }
      Object answer = dispatcher.result(answers.get(i), partitions.get(i).tags());
      all &= Replies.number(answer) == 1;
    }
    return all;
  }

  private void enter(Partition partition, List<StoredEntry> found, byte[] mark) {
    List<Request> requests = new ArrayList<>();
    List<byte[]> names = new ArrayList<>();
    for (StoredEntry entry : found) {
      boolean expires = entry.expiresAt() != Write.NEVER;
      if (expires || !entry.tags().isEmpty()) {
        byte[] name = partition.entry(Keyspace.utf8(entry.key()));
        List<byte[]> keys =
            dispatcher.slotsMove()
                ? Writes.created(partition, name, entry.tags(), expires)
                : List.of(name);
        names.add(name);
        requests.add(Request.script(partition, Script.REINDEX, keys, ENTER, mark));
      }
    }
    if (!requests.isEmpty()) {
      List<@Nullable Object> answers = dispatcher.askAll(requests, Access.READ);
      for (int i = 0; i < answers.size(); i++) {
        dispatcher.result(answers.get(i), names.get(i));
      }
    }
  }
}

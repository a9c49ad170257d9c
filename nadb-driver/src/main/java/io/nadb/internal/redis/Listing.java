package io.nadb.internal.redis;

import io.nadb.internal.redis.Keyspace.Partition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;

/** Goes through the names of all keys of all servers, with {@code SCAN}: slow, but harmless. */
final class Listing {
  private static final byte[] START = {'0'};
  private static final byte[] MATCH = Keyspace.utf8("MATCH");
  private static final byte[] COUNT = Keyspace.utf8("COUNT");
  private static final byte[] PAGE = Keyspace.utf8("1000");

  private final Dispatcher dispatcher;
  private final Keyspace keyspace;

  Listing(Dispatcher dispatcher, Keyspace keyspace) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
  }

  /** Takes the keys of a namespace's entries that a step has found, by partition. */
  @FunctionalInterface
  interface Visitor {
    void visit(Map<Partition, Collection<byte[]>> keys);
  }

  /** Shows the entries whose keys have a prefix, perhaps some of them twice. */
  void scan(String namespace, String prefix, Visitor visitor) {
    scan(
        keyspace.pattern(namespace, prefix),
        names -> {
          Map<Partition, Collection<byte[]>> keys = byPartition(namespace, prefix, names);
          if (!keys.isEmpty()) {
            visitor.visit(keys);
          }
        });
  }

  /** The namespaces that have entries. */
  SortedSet<String> namespaces() {
    SortedSet<String> found = new TreeSet<>();
    scan(
        keyspace.pattern(),
        names -> {
          for (byte[] name : names) {
            String namespace = keyspace.namespaceOf(name);
            if (namespace != null) {
              found.add(namespace);
            }
          }
        });
    return found;
  }

  private void scan(byte[] pattern, Consumer<List<byte[]>> page) {
    Map<HostAndPort, byte[]> cursors = new LinkedHashMap<>();
    for (HostAndPort master : dispatcher.masters()) {
      cursors.put(master, START);
    }
    while (!cursors.isEmpty()) {
      Map<HostAndPort, Request> requests = new LinkedHashMap<>();
      cursors.forEach(
          (node, cursor) ->
              requests.put(
                  node, Request.command(0, Command.SCAN, cursor, MATCH, pattern, COUNT, PAGE)));
      List<byte[]> names = new ArrayList<>();
      dispatcher.askEach(requests).forEach((node, reply) -> advance(cursors, node, reply, names));
      page.accept(names);
    }
  }

  private static void advance(
      Map<HostAndPort, byte[]> cursors,
      HostAndPort node,
      @Nullable Object reply,
      List<byte[]> names) {
    List<?> page = Replies.list(reply);
    byte[] cursor = Replies.bytes(page.get(0));
    if (cursor.length == 1 && cursor[0] == '0') {
      cursors.remove(node);
    } else {
      cursors.put(node, cursor);
    }
    for (Object name : Replies.list(page.get(1))) {
      names.add(Replies.bytes(name));
    }
  }

  /** The pattern may match what is no entry, because of a star where a partition's number is. */
  private Map<Partition, Collection<byte[]>> byPartition(
      String namespace, String prefix, List<byte[]> names) {
    List<Partition> partitions = keyspace.partitions(namespace);
    Map<Partition, Collection<byte[]>> keys = new LinkedHashMap<>();
    Map<String, Partition> starts = new TreeMap<>();
    partitions.forEach(partition -> starts.put(Keyspace.text(partition.start()), partition));
    for (byte[] name : names) {
      String text = Keyspace.text(name);
      Partition partition = starts.get(text.substring(0, text.indexOf("}:") + 2));
      if (partition != null && partition.isEntry(name)) {
        byte[] key = partition.keyOf(name);
        if (Keyspace.text(key).startsWith(prefix)) {
          keys.computeIfAbsent(partition, same -> new ArrayList<>()).add(key);
        }
      }
    }
    return keys;
  }
}

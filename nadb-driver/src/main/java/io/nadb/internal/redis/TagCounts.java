package io.nadb.internal.redis;

import io.nadb.internal.redis.Dispatcher.Access;
import io.nadb.internal.redis.Keyspace.Partition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts how many keys stand in each index, without a look at the entries. That is how many entries
 * have the tag, if what has expired was taken out before, and nothing else has gone by itself.
 */
final class TagCounts {
  private static final byte[] START = {'0'};
  private static final byte[] PAGE = Writes.number(250);

  private final Dispatcher dispatcher;
  private final Keyspace keyspace;

  TagCounts(Dispatcher dispatcher, Keyspace keyspace) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
  }

  /** How many keys stand in the index of a tag in one partition. */
  record Count(Partition partition, String tag, long keys) {}

  /** A walk through the tags of a partition. */
  private static final class Walk {
    private final Partition partition;
    private byte[] cursor = START;

    Walk(Partition partition) {
      this.partition = partition;
    }

    boolean isAtEnd() {
      return cursor.length == 1 && cursor[0] == '0';
    }
  }

  /**
   * Counts in a namespace, some perhaps twice; null if an index may be lost.
   *
   * @param loosely whether keys may be counted whose entries somebody is clearing away
   */
  @Nullable List<Count> of(String namespace, boolean loosely) {
    byte[] loose = loosely ? Writes.YES : Writes.NO;
    List<Count> counts = new ArrayList<>();
    List<Walk> walks = new ArrayList<>();
    keyspace.partitions(namespace).forEach(partition -> walks.add(new Walk(partition)));
    while (!walks.isEmpty()) {
      List<Request> requests = new ArrayList<>();
      for (Walk walk : walks) {
        List<byte[]> tags = List.of(walk.partition.tags());
        requests.add(Request.script(walk.partition, Script.COUNT, tags, walk.cursor, PAGE, loose));
      }
      List<@Nullable Object> answers = dispatcher.askAll(requests, Access.READ);
      for (int i = 0; i < answers.size(); i++) {
        if (!take(walks.get(i), answers.get(i), counts)) {
          return null;
        }
      }
      walks.removeIf(Walk::isAtEnd);
    }
    return counts;
  }

  private boolean take(Walk walk, @Nullable Object answer, List<Count> counts) {
    List<?> page = Replies.list(dispatcher.result(answer, walk.partition.tags()));
    if (page.get(0) instanceof Long) {
      return false;
    }
    walk.cursor = Replies.bytes(page.get(0));
    for (int i = 1; i < page.size(); i += 2) {
      String tag = Keyspace.text(Replies.bytes(page.get(i)));
      counts.add(new Count(walk.partition, tag, Replies.number(page.get(i + 1))));
    }
    return true;
  }
}

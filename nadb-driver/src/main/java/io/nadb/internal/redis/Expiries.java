package io.nadb.internal.redis;

import io.nadb.internal.redis.Dispatcher.Access;
import io.nadb.internal.redis.Keyspace.Partition;
import io.nadb.spi.DirectBackend.Removal;
import io.nadb.spi.ExpiredKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks after what has expired. Redis removes the entries itself, as far as its own clock has come;
 * this also removes what they leave in the indexes, which it finds without looking at anything that
 * has not expired.
 */
final class Expiries {
  /** How many a script looks at, so that it never holds up the server long. */
  private static final int PAGE = 500;

  private static final byte[] REMOVE = Keyspace.utf8("remove");
  private static final byte[] LIST = Keyspace.utf8("list");

  /** Later than everything. */
  private static final long END_OF_TIME = Long.MAX_VALUE;

  private final Dispatcher dispatcher;
  private final Keyspace keyspace;

  Expiries(Dispatcher dispatcher, Keyspace keyspace) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
  }

  /** Removes up to a page from each partition. */
  Removal remove(@Nullable String namespace, long now) {
    int removed = 0;
    boolean more = false;
    for (String name : namespaces(namespace)) {
      for (List<?> step : step(name, now, PAGE, REMOVE)) {
        removed += (int) Replies.number(step.get(0));
        more |= Replies.number(step.get(1)) == 1;
      }
    }
    return new Removal(removed, more);
  }

  /** Lists keys that have expired, and removes what is left of others. */
  List<ExpiredKey> list(@Nullable String namespace, long now, int limit) {
    List<ExpiredKey> expired = new ArrayList<>();
    for (String name : namespaces(namespace)) {
      for (List<?> step : step(name, now, limit, LIST)) {
        for (Object key : step.subList(2, step.size())) {
          if (expired.size() < limit) {
            expired.add(new ExpiredKey(name, Keyspace.text(Replies.bytes(key)), 0));
          }
        }
      }
    }
    return expired;
  }

  /** Removes from the lists what no entry justifies, however late it expires. */
  void tidy(String namespace) {
    boolean more = true;
    while (more) {
      more = false;
      for (List<?> step : step(namespace, END_OF_TIME, PAGE, LIST)) {
        more |= Replies.number(step.get(1)) == 1;
      }
    }
  }

  private Collection<String> namespaces(@Nullable String namespace) {
    return namespace == null ? keyspace.used() : Set.of(namespace);
  }

  private List<List<?>> step(String namespace, long now, int limit, byte[] which) {
    List<Partition> partitions = keyspace.partitions(namespace);
    List<Request> requests = new ArrayList<>();
    for (Partition partition : partitions) {
      requests.add(
          Request.script(
              partition,
              Script.EXPIRE,
              List.of(partition.expiries()),
              Keyspace.utf8(Long.toString(now)),
              Keyspace.utf8(Integer.toString(limit)),
              which));
    }
    List<@Nullable Object> answers = dispatcher.askAll(requests, Access.READ);
    List<List<?>> steps = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      steps.add(Replies.list(dispatcher.result(answers.get(i), partitions.get(i).expiries())));
    }
    return steps;
  }
}

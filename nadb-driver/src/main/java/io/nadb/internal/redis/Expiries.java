package io.nadb.internal.redis;

import io.nadb.internal.redis.Dispatcher.Access;
import io.nadb.internal.redis.Keyspace.Partition;
import io.nadb.spi.DirectBackend.Removal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks after what has expired. Redis removes the entries itself; this removes what they leave in
 * the indexes, which it finds without looking at anything that has not expired.
 */
final class Expiries {
  /** How many a script looks at, so that it never holds up the server long. */
  private static final int PAGE = 500;

  private static final byte[] REMOVE = Keyspace.utf8("remove");
  private static final byte[] TIDY = Keyspace.utf8("tidy");
  private static final byte[] MOST = Writes.number(PAGE);

  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final ServerClock clock;

  Expiries(Dispatcher dispatcher, Keyspace keyspace, ServerClock clock) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
    this.clock = clock;
  }

  /** Removes up to a page from each partition. */
  Removal remove(@Nullable String namespace) {
    int removed = 0;
    boolean more = false;
    for (String name : namespace == null ? keyspace.used() : Set.of(namespace)) {
      for (List<?> step : step(name, REMOVE)) {
        removed += (int) Replies.number(step.get(0));
        more |= Replies.number(step.get(1)) == 1;
      }
    }
    return new Removal(removed, more);
  }

  /** Removes from the lists what no entry justifies, however late it expires. */
  void tidy(String namespace) {
    boolean more = true;
    while (more) {
      more = false;
      for (List<?> step : step(namespace, TIDY)) {
        more |= Replies.number(step.get(1)) == 1;
      }
    }
  }

  private List<List<?>> step(String namespace, byte[] what) {
    List<Partition> partitions = keyspace.partitions(namespace);
    List<Request> requests = new ArrayList<>();
    for (Partition partition : partitions) {
      requests.add(
          Request.script(
              partition, Script.EXPIRE, List.of(partition.expiries()), clock.given(), MOST, what));
    }
    List<@Nullable Object> answers = dispatcher.askAll(requests, Access.READ);
    List<List<?>> steps = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      steps.add(Replies.list(dispatcher.result(answers.get(i), partitions.get(i).expiries())));
    }
    return steps;
  }
}

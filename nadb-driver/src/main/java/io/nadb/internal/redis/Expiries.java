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
  private final List<Walk> tidying = new ArrayList<>();

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
      List<Walk> walks = start(name);
      removed += step(walks, REMOVE).removed;
      more |= !walks.isEmpty();
    }
    return new Removal(removed, more);
  }

  /**
   * Removes all that has expired by now, with what stands of it in indexes.
   *
   * @return whether nothing is left of it: not, if this user may not remove it
   */
  boolean settle(String namespace) {
    List<Walk> walks = start(namespace);
    boolean all = true;
    while (!walks.isEmpty()) {
      all &= !step(walks, REMOVE).refused;
    }
    return all;
  }

  /** Removes from the lists what no entry justifies, however late it expires. */
  void tidy(String namespace) {
    List<Walk> walks = start(namespace);
    while (!walks.isEmpty()) {
      step(walks, TIDY);
    }
  }

  /** Begins to look for what the server has taken away before it has expired. */
  void beginToTidy() {
    synchronized (tidying) {
      tidying.clear();
      keyspace.used().forEach(namespace -> tidying.addAll(start(namespace)));
    }
  }

  /** Goes on with that by a page of each partition; returns whether there is more to do. */
  boolean goOnTidying() {
    synchronized (tidying) {
      step(tidying, TIDY);
      return !tidying.isEmpty();
    }
  }

  /** A walk through a partition's list. */
  private static final class Walk {
    private final Partition partition;

    /** How many there are before the place that it has come to. */
    private long passed;

    Walk(Partition partition) {
      this.partition = partition;
    }
  }

  private List<Walk> start(String namespace) {
    List<Walk> walks = new ArrayList<>();
    keyspace.partitions(namespace).forEach(partition -> walks.add(new Walk(partition)));
    return walks;
  }

  /**
   * What a step did.
   *
   * @param removed how many entries it removed
   * @param refused whether this user may not remove some
   */
  private record Step(int removed, boolean refused) {}

  /** Takes a step on each walk, and leaves those that go on. */
  private Step step(List<Walk> walks, byte[] what) {
    List<Request> requests = new ArrayList<>();
    for (Walk walk : walks) {
      requests.add(
          Request.script(
              walk.partition,
              Script.EXPIRE,
              List.of(walk.partition.expiries()),
              clock.given(),
              MOST,
              what,
              Writes.number(walk.passed)));
    }
    List<@Nullable Object> answers =
        requests.isEmpty() ? List.of() : dispatcher.askAll(requests, Access.READ);
    List<Walk> left = new ArrayList<>();
    int removed = 0;
    boolean refused = false;
    for (int i = 0; i < answers.size(); i++) {
      Walk walk = walks.get(i);
      if (RedisFailures.mayNotWrite(answers.get(i))) {
        refused = true;
        continue; // Somebody else tidies up, who may.
      }
      List<?> step = Replies.list(dispatcher.result(answers.get(i), walk.partition.expiries()));
      removed += (int) Replies.number(step.get(0));
      walk.passed += Replies.number(step.get(2));
      if (Replies.number(step.get(1)) == 1) {
        left.add(walk);
      }
    }
    walks.clear();
    walks.addAll(left);
    return new Step(removed, refused);
  }
}

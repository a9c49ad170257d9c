package io.nadb.internal.redis;

import io.nadb.NadbConnectionException;
import io.nadb.NadbException;
import io.nadb.NadbTimeoutException;
import io.nadb.internal.report.Logbook;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;

/**
 * What the servers take away by themselves when their memory is full: which keys, as their settings
 * say, and whether they have done it.
 */
final class Evictions {
  private static final Logbook LOG = Logbook.of(Evictions.class);
  private static final Pattern FIELD =
      Pattern.compile("(?m)^(maxmemory|maxmemory_policy|evicted_keys):([^\r\n]*)");

  private final Dispatcher dispatcher;
  private volatile Found found = new Found(true, false, 0, "");

  /**
   * What was found out.
   *
   * @param mayHaveIndexes whether what is gone may be a key without a time to live, as indexes are;
   *     also if that is not known
   * @param takesAll whether entries are taken away that have no time to live
   * @param count how many keys were taken away
   * @param policy what may be taken away; empty if nothing may, or that is not known
   */
  private record Found(boolean mayHaveIndexes, boolean takesAll, long count, String policy) {}

  Evictions(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  /**
   * Asks all servers.
   *
   * @return whether something was taken away since they were asked before
   * @throws NadbException if they can't be asked; not if they may not
   */
  boolean look() {
    Map<HostAndPort, Request> requests = new LinkedHashMap<>();
    for (HostAndPort master : dispatcher.masters()) {
      requests.put(master, Request.command(0, Command.INFO));
    }
    Found before = found;
    try {
      Found now = read(dispatcher.askEach(requests));
      found = now;
      if (now.takesAll && !now.policy.equals(before.policy)) {
        warn(now.policy);
      }
      return now.count != before.count;
    } catch (NadbConnectionException | NadbTimeoutException e) {
      throw e;
    } catch (NadbException e) {
      found = new Found(true, false, before.count, ""); // The user may not ask.
      return false;
    }
  }

  private void warn(String policy) {
    LOG.log(
        Level.WARNING,
        dispatcher.failures().place()
            + ": its setting maxmemory-policy is "
            + policy
            + ", so it may take away entries and indexes of NADB when its memory is full; indexes"
            + " are made anew, which takes a walk through all keys. With volatile-ttl it takes away"
            + " entries with a time to live only, with noeviction nothing",
        (Throwable) null);
  }

  private static Found read(Map<HostAndPort, @Nullable Object> answers) {
    boolean takesAll = false;
    long count = 0;
    Set<String> policies = new TreeSet<>();
    for (Object answer : answers.values()) {
      Map<String, String> fields = new LinkedHashMap<>();
      Matcher field = FIELD.matcher(Keyspace.text(Replies.bytes(answer)));
      while (field.find()) {
        fields.put(field.group(1), field.group(2));
      }
      String policy = fields.getOrDefault("maxmemory_policy", "");
      boolean bounded = !fields.getOrDefault("maxmemory", "").equals("0");
      long evicted = Long.parseLong(fields.getOrDefault("evicted_keys", "0"));
      count += evicted;
      if (bounded && !policy.equals("noeviction")) {
        policies.add(policy);
        takesAll |= !policy.startsWith("volatile-");
      }
    }
    // What was taken away may have been so under another policy.
    return new Found(takesAll || count > 0, takesAll, count, String.join(",", policies));
  }

  /** Whether indexes may be gone without anybody's doing, as far as was found out last. */
  boolean mayHaveTakenIndexes() {
    return found.mayHaveIndexes;
  }

  /** Whether entries may go that have no time to live, so that no list of expiry times has them. */
  boolean takesAll() {
    return found.takesAll;
  }

  /** How many keys the servers have taken away, of whomever, since they were started. */
  long count() {
    return found.count;
  }

  /** What the servers may take away; empty if nothing, or if that is not known. */
  String policy() {
    return found.policy;
  }
}

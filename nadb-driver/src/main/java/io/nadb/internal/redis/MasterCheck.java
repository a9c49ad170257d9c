package io.nadb.internal.redis;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.ClusterKeyword;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Asks a node of a cluster, again and again, whether it has been a master all the time, and knows
 * of a majority: then nobody else has answered for its slots meanwhile.
 *
 * <p>A master that was a replica in between has another replication id; one that is cut off from
 * the others says so after {@code cluster-node-timeout}, and answers until then, to anybody.
 */
final class MasterCheck implements AutoCloseable {
  private static final String ROLE = "role:";
  private static final String HISTORY = "master_replid:";
  private static final String STATE = "cluster_state:";

  private final HostAndPort node;
  private final Line line;
  private final String history;

  private MasterCheck(HostAndPort node, Line line) {
    this.node = node;
    this.line = line;
    this.history = ask();
  }

  /**
   * Connects, and begins.
   *
   * @throws JedisException if that fails, or the node is no master, or is alone
   */
  static MasterCheck begin(Connector connector, HostAndPort node) {
    Line line = connector.connect(node);
    try {
      return new MasterCheck(node, line);
    } catch (RuntimeException | Error e) {
      line.plug().pull();
      throw e;
    }
  }

  /** Asks again; throws {@link JedisException} if it is not so. */
  void run() {
    if (!ask().equals(history)) {
      throw new JedisConnectionException(node + " was no master for a while");
    }
  }

  private String ask() {
    line.sendCommand(Command.INFO, "replication");
    line.sendCommand(Command.CLUSTER, ClusterKeyword.INFO.name());
    String replication = Keyspace.text(Replies.bytes(line.getOne()));
    String cluster = Keyspace.text(Replies.bytes(line.getOne()));
    if (!"master".equals(field(replication, ROLE))) {
      throw new JedisConnectionException(node + " is no master any more");
    }
    if (!"ok".equals(field(cluster, STATE))) {
      throw new JedisConnectionException("the cluster is down, says " + node);
    }
    String told = field(replication, HISTORY);
    if (told == null) {
      throw new JedisConnectionException("INFO of " + node + " tells no " + HISTORY);
    }
    return told;
  }

  private static @Nullable String field(String text, String name) {
    return text.lines()
        .filter(each -> each.startsWith(name))
        .map(each -> each.substring(name.length()).strip())
        .findFirst()
        .orElse(null);
  }

  @Override
  public void close() {
    line.plug().pull();
  }
}

package io.nadb.testkit.redis;

import io.nadb.testkit.redis.RespConnection.Access;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A Redis cluster for a test: masters that share all slots evenly, without replicas.
 *
 * <pre>{@code
 * try (RedisCluster cluster = RedisCluster.start(3)) {
 *   …
 *   cluster.moveSlot(slot, cluster.nodes().get(2));
 * }
 * }</pre>
 *
 * <p>{@link RedisServer} says where the servers come from. A single node can be stopped, killed and
 * restarted; closing one closes all.
 *
 * @since 0.1.0
 */
public final class RedisCluster implements AutoCloseable {
  private static final int SLOTS = 16_384;
  private static final Duration AGREEMENT = Duration.ofSeconds(30);

  private final Workplace workplace;
  private final List<RedisServer> nodes;

  private RedisCluster(Workplace workplace, List<RedisServer> nodes) {
    this.workplace = workplace;
    this.nodes = List.copyOf(nodes);
  }

  /** Starts a cluster of as many masters, without password and TLS. */
  public static RedisCluster start(int masters) {
    return RedisServer.builder().startCluster(masters);
  }

  static RedisCluster launch(
      Workplace workplace,
      RedisBinary binary,
      ServerSettings settings,
      String origin,
      int masters) {
    if (masters < 3) {
      throw new IllegalArgumentException(
          "a cluster needs three masters or more, not " + masters + ", to agree on anything");
    }
    List<RedisServer> nodes = new ArrayList<>();
    for (int i = 0; i < masters; i++) {
      RedisProcess process = RedisProcess.launch(workplace, binary, settings, origin);
      nodes.add(new RedisServer(process, Access.of(settings)));
    }
    RedisCluster cluster = new RedisCluster(workplace, nodes);
    cluster.join();
    cluster.awaitOk();
    return cluster;
  }

  private void join() {
    for (int i = 0; i < nodes.size(); i++) {
      int from = SLOTS * i / nodes.size();
      int to = SLOTS * (i + 1) / nodes.size();
      RedisServer node = nodes.get(i);
      // Distinct epochs, so that the nodes need not settle who is the elder one.
      node.command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
      // Not ADDSLOTSRANGE, which Redis 6 does not know.
      node.command(
          Stream.concat(
                  Stream.of("CLUSTER", "ADDSLOTS"),
                  IntStream.range(from, to).mapToObj(Integer::toString))
              .toArray(String[]::new));
    }
    RedisServer first = nodes.get(0);
    for (RedisServer node : nodes.subList(1, nodes.size())) {
      first.command("CLUSTER", "MEET", node.host(), Integer.toString(node.port()));
    }
  }

  /** Waits until every node sees all slots served; all nodes must be running. */
  public void awaitOk() {
    for (RedisServer node : nodes) {
      ((RedisProcess) node.backing()).log().awaitCluster();
    }
  }

  /** The masters. */
  public List<RedisServer> nodes() {
    return nodes;
  }

  /**
   * The URL that opens a store on it, as {@link RedisServer#url} has it.
   *
   * @param options further ones, for example {@code "flush=5s"}
   */
  public String url(String... options) {
    return nodes.get(0).openUrl("-cluster", endpoints(), options);
  }

  /** Where the servers listen, as {@code host:port,host:port}. */
  public String endpoints() {
    return nodes.stream().map(RedisServer::endpoint).collect(Collectors.joining(","));
  }

  /** The node that serves a slot. */
  public RedisServer owner(int slot) {
    RedisServer owner = null;
    long newest = -1;
    for (RedisServer node : nodes) {
      // What a node says of others may be old news; of two that claim a slot, the later one has it.
      String[] self = self(node);
      long epoch = Long.parseLong(self[6]);
      if (epoch > newest && serves(self, slot)) {
        owner = node;
        newest = epoch;
      }
    }
    if (owner == null) {
      throw new IllegalStateException("no node serves the slot " + slot);
    }
    return owner;
  }

  /** What a node says of itself. */
  private static String[] self(RedisServer node) {
    return nodesAsSeenBy(node)
        .filter(fields -> fields[2].contains("myself"))
        .findFirst()
        .orElseThrow();
  }

  private static Stream<String[]> nodesAsSeenBy(RedisServer node) {
    return node.command("CLUSTER", "NODES").lines().map(line -> line.split(" "));
  }

  private static boolean serves(String[] fields, int slot) {
    return Arrays.stream(fields)
        .skip(8)
        .filter(range -> !range.startsWith("[")) // Those are on their way.
        .map(range -> range.split("-"))
        .anyMatch(
            range ->
                Integer.parseInt(range[0]) <= slot
                    && slot <= Integer.parseInt(range[range.length - 1]));
  }

  /**
   * Moves a slot with all its keys to another node, as resharding does, and waits until every node
   * has heard of it; all nodes must be running.
   */
  public void moveSlot(int slot, RedisServer target) {
    RedisServer source = owner(slot);
    if (source == target) {
      return;
    }
    String number = Integer.toString(slot);
    String targetId = target.command("CLUSTER", "MYID");
    target.command("CLUSTER", "SETSLOT", number, "IMPORTING", source.command("CLUSTER", "MYID"));
    source.command("CLUSTER", "SETSLOT", number, "MIGRATING", targetId);
    moveKeys(number, source, target);
    target.command("CLUSTER", "SETSLOT", number, "NODE", targetId);
    source.command("CLUSTER", "SETSLOT", number, "NODE", targetId);
    for (RedisServer node : nodes) {
      node.command("CLUSTER", "SETSLOT", number, "NODE", targetId);
    }
    awaitAgreement(slot, target);
  }

  /**
   * Waits until every node knows the epoch in which a node has a slot. Until then, a message sent
   * before the move may win over it, and the next move could be given the same epoch: the slot, and
   * all that is in it, would be nobody's.
   */
  private void awaitAgreement(int slot, RedisServer target) {
    long start = System.nanoTime();
    while (true) {
      String[] truth = self(target);
      Optional<RedisServer> behind =
          nodes.stream()
              .filter(node -> nodesAsSeenBy(node).noneMatch(seen -> agrees(seen, truth, slot)))
              .findFirst();
      if (behind.isEmpty()) {
        return;
      }
      if (System.nanoTime() - start > AGREEMENT.toNanos()) {
        throw new IllegalStateException(
            "the slot "
                + slot
                + " was moved to "
                + target.endpoint()
                + ", but "
                + behind.get().endpoint()
                + " has not heard of it within "
                + AGREEMENT.toSeconds()
                + " s");
      }
    }
  }

  private static boolean agrees(String[] seen, String[] truth, int slot) {
    return seen[0].equals(truth[0]) && seen[6].equals(truth[6]) && serves(seen, slot);
  }

  private static void moveKeys(String slot, RedisServer source, RedisServer target) {
    while (true) {
      List<String> keys = source.list("CLUSTER", "GETKEYSINSLOT", slot, "100");
      if (keys.isEmpty()) {
        return;
      }
      List<String> move =
          new ArrayList<>(
              List.of("MIGRATE", target.host(), Integer.toString(target.port()), "", "0", "5000"));
      target.password().ifPresent(password -> move.addAll(List.of("AUTH", password)));
      move.add("KEYS");
      move.addAll(keys);
      String outcome = source.command(move.toArray(String[]::new));
      if (!outcome.equals("OK")) {
        throw new IllegalStateException("the keys of slot " + slot + " did not move: " + outcome);
      }
    }
  }

  /** Which servers these are: their version, where they were found, and why nowhere before. */
  public String origin() {
    return nodes.get(0).origin();
  }

  /** Kills the servers that are still running, and deletes their files. */
  @Override
  public void close() {
    workplace.close();
  }

  @Override
  public String toString() {
    return "Redis cluster at " + endpoints();
  }
}

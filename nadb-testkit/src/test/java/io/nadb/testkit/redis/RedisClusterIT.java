package io.nadb.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Clusters that are started for tests. */
class RedisClusterIT {

  @Test
  void everyNodeSeesAllSlotsServed() {
    try (RedisCluster cluster = RedisCluster.start(3)) {
      for (RedisServer node : cluster.nodes()) {
        assertThat(node.command("CLUSTER", "INFO"))
            .contains("cluster_state:ok", "cluster_slots_ok:16384", "cluster_size:3");
      }
      assertThat(cluster.owner(0)).isSameAs(cluster.nodes().get(0));
      assertThat(cluster.owner(16_383)).isSameAs(cluster.nodes().get(2));
      assertThat(cluster.endpoints()).matches("127.0.0.1:[0-9]+(,127.0.0.1:[0-9]+){2}");
    }
  }

  @Test
  void aSlotMovesWithItsKeys() {
    try (RedisCluster cluster = RedisCluster.start(3)) {
      int slot = Integer.parseInt(cluster.nodes().get(0).command("CLUSTER", "KEYSLOT", "{t}"));
      RedisServer owner = cluster.owner(slot);
      RedisServer target =
          cluster.nodes().stream().filter(node -> node != owner).findFirst().orElseThrow();
      for (int i = 0; i < 250; i++) {
        owner.command("SET", "{t}\n" + i, "v" + i);
      }

      cluster.moveSlot(slot, target);

      assertThat(cluster.owner(slot)).isSameAs(target);
      assertThat(target.command("GET", "{t}\n249")).isEqualTo("v249");
      assertThat(target.command("DBSIZE")).isEqualTo("250");
      assertThatThrownBy(() -> owner.command("GET", "{t}\n1")).hasMessageContaining("MOVED");
      cluster.moveSlot(slot, target);
      assertThat(cluster.owner(slot)).isSameAs(target);
    }
  }

  @Test
  void aClusterMayHaveAPasswordAndTls() {
    try (RedisCluster cluster = RedisServer.builder().password("secret").tls().startCluster(3)) {
      RedisServer owner = cluster.owner(0);
      RedisServer node = cluster.nodes().get(1);
      int slot = Integer.parseInt(node.command("CLUSTER", "KEYSLOT", "k"));
      cluster.owner(slot).command("SET", "k", "v");

      cluster.moveSlot(slot, owner);

      assertThat(owner.command("GET", "k")).isEqualTo("v");
    }
  }

  @Test
  void aNodeThatWasKilledComesBack() {
    try (RedisCluster cluster = RedisCluster.start(3)) {
      RedisServer node = cluster.nodes().get(1);

      node.kill();
      node.restart();
      cluster.awaitOk();

      assertThat(node.command("CLUSTER", "INFO")).contains("cluster_state:ok");
    }
  }

  @Test
  void twoMastersAreTooFew() {
    assertThatThrownBy(() -> RedisCluster.start(2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("three masters or more, not 2");
  }
}

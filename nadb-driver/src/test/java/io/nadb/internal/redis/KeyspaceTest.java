package io.nadb.internal.redis;

import static io.nadb.internal.redis.Keyspace.text;
import static io.nadb.internal.redis.Keyspace.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.internal.redis.Keyspace.Partition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.util.JedisClusterCRC16;

class KeyspaceTest {

  @Test
  void keysAreCalledAsDrawn() {
    Partition partition = new Keyspace("app", 1).partition("config", utf8("user:1"));

    assertThat(text(Keyspace.format("app"))).isEqualTo("nadb:{app}:format");
    assertThat(text(partition.start())).isEqualTo("nadb:{app:config}:");
    assertThat(text(partition.entry(utf8("user:1")))).isEqualTo("nadb:{app:config}:e:user:1");
    assertThat(text(partition.index(utf8("web")))).isEqualTo("nadb:{app:config}:i:web");
    assertThat(text(partition.tags())).isEqualTo("nadb:{app:config}:t");
    assertThat(text(partition.expiries())).isEqualTo("nadb:{app:config}:x");
  }

  @Test
  void databasesAndNamespacesCannotBeMistakenForEachOther() {
    Set<String> starts = new HashSet<>();
    for (String db : List.of("a", "a:b", "a}", "{a", "a%3Ab", "A")) {
      for (String namespace : List.of("b", "b:0", "b}:e:", ":b", "*", "b%")) {
        for (int partitions : List.of(1, 2)) {
          for (Partition partition : new Keyspace(db, partitions).partitions(namespace)) {
            starts.add(text(partition.start()));
          }
        }
      }
    }

    assertThat(starts).hasSize(6 * 6 * 3);
    assertThat(starts).allMatch(start -> start.matches("nadb:\\{[A-Za-z0-9._%:-]+}:"));
  }

  @Test
  void allKeysOfAPartitionAreInItsSlotWhateverTheyAreCalled() {
    Keyspace keyspace = new Keyspace("a", 8);
    for (String key : List.of("k", "{x}", "}", "{}", "a}{b")) {
      Partition partition = keyspace.partition("n", utf8(key));

      for (byte[] name :
          List.of(
              partition.entry(utf8(key)),
              partition.index(utf8(key)),
              partition.tags(),
              partition.expiries())) {
        assertThat(JedisClusterCRC16.getSlot(name)).isEqualTo(partition.slot());
      }
    }
  }

  @Test
  void aKeysPartitionIsItsSlotModuloTheirNumber() {
    Keyspace keyspace = new Keyspace("a", 64);
    Set<Integer> used = new HashSet<>();
    IntStream.range(0, 2000)
        .forEach(
            i -> {
              byte[] key = utf8("key" + i);
              int expected = JedisClusterCRC16.getSlot(key) % 64;
              used.add(expected);
              assertThat(text(keyspace.partition("n", key).start()))
                  .isEqualTo("nadb:{a:n:" + expected + "}:");
            });

    assertThat(used).hasSize(64);
  }

  @Test
  void aPrefixIsNoPattern() {
    assertThat(text(new Keyspace("a", 1).pattern("n", "x*y?[z]\\^-")))
        .isEqualTo("nadb:{a:n}:e:x\\*y\\?\\[z\\]\\\\\\^\\-*");
    assertThat(text(new Keyspace("a", 4).pattern("n", ""))).isEqualTo("nadb:{a:n:*}:e:*");
  }
}

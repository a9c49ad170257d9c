package io.nadb.internal.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * The names of a database's keys in Redis. Here is all that a store writes, with the database
 * {@code app}, the namespace {@code config}, and an entry {@code user:1} with a TTL and the tags
 * {@code admin} and {@code web}:
 *
 * <pre>{@code
 * nadb:{app}:format           hash        version     1
 *                                         partitions  1
 * nadb:{app:config}:e:user:1  hash        v  the value
 *                                         s  its length in bytes
 *                                         t  ["admin","web"]   the tags; no field if there are none
 *                                         c  1767225600000     created, in milliseconds since 1970
 *                                         u  1767225660000     updated
 *                                         x  1767229200000     expires; no field if it never does
 * nadb:{app:config}:i:admin   sorted set  user:1, with score 0: the keys that may have the tag
 * nadb:{app:config}:i:web     sorted set  user:1
 * nadb:{app:config}:t         set         admin, web: the tags that have an index; besides, what is no
 *                                         tag: the empty one if all are whole, FE… while they are made
 *                                         anew, FF if one is lost
 * nadb:{app:config}:x         sorted set  ["admin","web"]<newline>user:1, with x, or an earlier one, as score
 * }</pre>
 *
 * <p>The entry is the truth; everything else is an index that leads to entries, and each of them is
 * looked at before it is believed.
 *
 * <p>What stands in braces decides in which slot of a cluster a key is. All keys of a namespace are
 * in one, so that a script changes an entry and its indexes at once. So that a namespace is not
 * bound to one server, it may be divided into partitions, each with keys, indexes and a slot of its
 * own: {@code nadb:{app:config:17}:e:user:1} is in partition 17, which is {@code CLUSTER KEYSLOT}
 * of the key modulo the number of partitions. So keys with the same text in braces are in one, and
 * a transaction can change them together.
 *
 * <p>In database and namespace, each byte of UTF-8 other than {@code A-Z a-z 0-9 . _ -} is written
 * {@code %XX}. Keys and tags stand as they are.
 */
final class Keyspace {
  private static final String START = "nadb:{";

  private final String db;
  private final int partitions;
  private final Map<String, List<Partition>> namespaces = new ConcurrentHashMap<>();

  Keyspace(String db, int partitions) {
    this.db = escape(db);
    this.partitions = partitions;
  }

  /** How many partitions each namespace has. */
  int partitions() {
    return partitions;
  }

  /** The key that says how a database is laid out. */
  static byte[] format(String db) {
    return utf8(START + escape(db) + "}:format");
  }

  /** The partitions of a namespace. */
  List<Partition> partitions(String namespace) {
    return namespaces.computeIfAbsent(namespace, this::divide);
  }

  /** The partition that a key is in. */
  Partition partition(String namespace, byte[] key) {
    List<Partition> all = partitions(namespace);
    return all.get(all.size() == 1 ? 0 : JedisClusterCRC16.getSlot(key) % all.size());
  }

  /** The namespaces that have been used since the opening. */
  Set<String> used() {
    return namespaces.keySet();
  }

  private List<Partition> divide(String namespace) {
    String start = START + db + ":" + escape(namespace);
    Partition[] all = new Partition[partitions];
    for (int i = 0; i < partitions; i++) {
      all[i] = new Partition(start + (partitions == 1 ? "" : ":" + i) + "}:");
    }
    return List.of(all);
  }

  /** What {@code SCAN} is to match for the entries of a namespace whose keys have a prefix. */
  byte[] pattern(String namespace, String prefix) {
    String partition = partitions == 1 ? "" : ":*";
    return utf8(START + db + ":" + escape(namespace) + partition + "}:e:" + literal(prefix) + "*");
  }

  /** What the names of all keys of a database's namespaces begin with. */
  static String start(String db) {
    return START + escape(db) + ":";
  }

  /** A text as a pattern of {@code MATCH} that matches nothing else. */
  static String literal(String text) {
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ("*?[]^\\-".indexOf(c) >= 0) {
        pattern.append('\\');
      }
      pattern.append(c);
    }
    return pattern.toString();
  }

  /** Makes of any text one without the characters that mean something in a key's name. */
  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    for (byte b : utf8(text)) {
      boolean plain =
          (b >= 'a' && b <= 'z')
              || (b >= 'A' && b <= 'Z')
              || (b >= '0' && b <= '9')
              || b == '.'
              || b == '_'
              || b == '-';
      escaped.append(plain ? (char) b : String.format(Locale.ROOT, "%%%02X", b & 0xff));
    }
    return escaped.toString();
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** A part of a namespace, with all its keys in one slot. */
  static final class Partition {
    private final byte[] start;
    private final byte[] entries;
    private final byte[] tags;
    private final byte[] expiries;
    private final int slot;

    Partition(String start) {
      this.start = utf8(start);
      this.entries = utf8(start + "e:");
      this.tags = utf8(start + "t");
      this.expiries = utf8(start + "x");
      this.slot = JedisClusterCRC16.getSlot(this.start);
    }

    /** What all its keys begin with. */
    byte[] start() {
      return start;
    }

    int slot() {
      return slot;
    }

    byte[] entry(byte[] key) {
      return join(entries, key);
    }

    byte[] index(byte[] tag) {
      byte[] index = join(entries, tag);
      index[start.length] = 'i';
      return index;
    }

    byte[] tags() {
      return tags;
    }

    byte[] expiries() {
      return expiries;
    }

    /** Whether this is the name of an entry of this partition. */
    boolean isEntry(byte[] name) {
      return name.length > entries.length
          && Arrays.equals(name, 0, entries.length, entries, 0, entries.length);
    }

    /** The key of the entry that has this name. */
    byte[] keyOf(byte[] name) {
      return Arrays.copyOfRange(name, entries.length, name.length);
    }

    private static byte[] join(byte[] a, byte[] b) {
      byte[] joined = Arrays.copyOf(a, a.length + b.length);
      System.arraycopy(b, 0, joined, a.length, b.length);
      return joined;
    }
  }
}

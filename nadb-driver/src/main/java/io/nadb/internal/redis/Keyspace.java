package io.nadb.internal.redis;

import io.nadb.spi.Commit;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
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
 *                                         anew or cleared, FF if one is lost
 * nadb:{app:config}:x         sorted set  ["admin","web"]<newline>user:1, with x, or an earlier one, as score
 * nadb:{app}:s:1f0c…          string      the mark of a spool: a number, a space, who has set it
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

  /** The namespaces that have been used, by what the keys of a partition begin with. */
  private final Map<String, String> starts = new ConcurrentHashMap<>();

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

  /** What all keys begin with that are of no namespace. */
  Partition database() {
    return new Partition(START + db + "}:");
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
      String partition = start + (partitions == 1 ? "" : ":" + i) + "}:";
      all[i] = new Partition(partition);
      starts.put(partition, namespace);
    }
    return List.of(all);
  }

  /** The entry that has this name, in a namespace that has been used; null if it is none. */
  Commit.@Nullable Name entryOf(byte[] name) {
    int end = 0;
    while (end < name.length && name[end] != '}') {
      end++;
    }
    int key = end + 4; // Behind "}:e:".
    if (key >= name.length || name[end + 2] != 'e' || name[end + 3] != ':') {
      return null;
    }
    String namespace = starts.get(new String(name, 0, end + 2, StandardCharsets.UTF_8));
    return namespace == null
        ? null
        : new Commit.Name(
            namespace, new String(name, key, name.length - key, StandardCharsets.UTF_8));
  }

  /** What {@code SCAN} is to match for the entries of a namespace whose keys have a prefix. */
  byte[] pattern(String namespace, String prefix) {
    String partition = partitions == 1 ? "" : ":*";
    return utf8(START + db + ":" + escape(namespace) + partition + "}:e:" + literal(prefix) + "*");
  }

  /** What {@code SCAN} is to match for the entries of all namespaces. */
  byte[] pattern() {
    return utf8(literal(start()) + "*}:e:*");
  }

  /** The namespace of the entry that has this name; null if it is none. */
  @Nullable String namespaceOf(byte[] name) {
    String text = text(name);
    int from = start().length();
    int end = text.indexOf('}', from);
    if (!text.startsWith(start()) || end < 0 || !text.startsWith("}:e:", end)) {
      return null;
    }
    String part = text.substring(from, end);
    int number = part.indexOf(':');
    if (partitions == 1 ? number >= 0 : number < 0) {
      return null; // Of a database that is laid out in another way.
    }
    return unescape(number < 0 ? part : part.substring(0, number));
  }

  /** Takes back {@link #escape}; null if that has not made it. */
  private static @Nullable String unescape(String escaped) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c == '%' && i + 2 < escaped.length()) {
        int high = Character.digit(escaped.charAt(i + 1), 16);
        int low = Character.digit(escaped.charAt(i + 2), 16);
        if (high < 0 || low < 0) {
          return null;
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    String text = text(bytes.toByteArray());
    return escape(text).equals(escaped) ? text : null;
  }

  /** What the names of all keys of this database's namespaces begin with. */
  String start() {
    return START + db + ":";
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

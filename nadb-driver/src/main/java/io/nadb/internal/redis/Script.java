package io.nadb.internal.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is done inside the server, so that it is done at once. {@link Keyspace} draws the keys.
 *
 * <p>The scripts are Lua files beside this class, which say what they take and return. Each is
 * given the keys that it may create or answers from, which a cluster's node needs to know while it
 * moves a slot to another one (a single server is spared them); the names of others, from which it
 * only removes, it makes itself. Its first argument is {@code 1} if the slot is being moved here:
 * then what is missing may still be in the old place, so nothing is concluded from it. Its second
 * argument is what the partition's keys begin with.
 *
 * <p>A script writes nothing of an entry before the first command that may be refused for want of
 * memory or for a key's type. What it removes from an index afterwards may fail, and leaves only a
 * member that no query believes. An answer that begins with {@code !} names a key and what is wrong
 * with it.
 */
enum Script {
  /** Replaces an entry. */
  SET,
  /** Replaces many entries that stand in no index, by such as will stand in none. */
  SET_MANY,
  /** Replaces an entry if a condition holds. */
  SET_IF,
  /** Sets an entry with the times that it has in another store. */
  RESTORE,
  /** Removes an entry. */
  DELETE,
  /** Removes many entries. */
  DELETE_MANY,
  /** Removes an entry if a condition holds. */
  DELETE_IF,
  /** Adds to the number that an entry holds. */
  ADD,
  /** Gives an entry another time to live. */
  TOUCH,
  /** Makes the writes of a transaction, if all that it has read is as it was. */
  COMMIT,
  /** Makes writes of a spool, and notes how far they have come. */
  FORWARD,
  /** Lists keys that stand in all of some indexes. */
  FIND,
  /** Counts how many keys stand in indexes. */
  COUNT,
  /** Makes indexes anew, step by step. */
  REINDEX,
  /** Takes keys out of an index if their entries do not have the tag. */
  UNTAG,
  /** Takes out of an index members whose entries are gone. */
  FORGET,
  /** Removes what has expired, or lists it. */
  EXPIRE,
  /** Tells whether a key holds something that is no entry. */
  CHECK,
  /** Reads how the database is laid out, and lays it out if it is new. */
  FORMAT;

  private final String source;
  private final String digest;

  Script() {
    this.source =
        Pattern.compile("(?m)^-- include (.+)$")
            .matcher(read(name().toLowerCase(Locale.ROOT).replace('_', '-') + ".lua"))
            .replaceAll(include -> Matcher.quoteReplacement(read(include.group(1))));
    this.digest = Digests.sha1(Keyspace.utf8(source));
  }

  private static String read(String file) {
    try (InputStream in = Script.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the driver's jar is incomplete: it lacks " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text, for {@code EVAL}. */
  String source() {
    return source;
  }

  /** The digest by which the server knows it, for {@code EVALSHA}. */
  String digest() {
    return digest;
  }
}

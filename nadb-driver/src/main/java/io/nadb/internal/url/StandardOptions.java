package io.nadb.internal.url;

import io.nadb.Durability;
import io.nadb.internal.codec.Codec;
import io.nadb.spi.Option;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one table of options: what NADB's own drivers accept, with defaults, limits and meaning.
 *
 * <p>The limits of {@code buffer} and {@code namespace} belong together: even if every entry is
 * tiny, a cut of twice {@code buffer} must fit into one file of 2 GB.
 */
public final class StandardOptions {
  private static final int MAX_NAMESPACE_BYTES = 255;
  private static final int MAX_PARTITIONS = 1024;

  public static final Option<String> DB =
      Option.of(
          "db",
          "text",
          "main",
          StandardOptions::parseDb,
          Function.identity(),
          "The database at the location; databases share nothing.");

  public static final Option<String> NAMESPACE =
      Option.of(
          "namespace",
          "text (at most 255b in UTF-8)",
          "default",
          StandardOptions::parseNamespace,
          Function.identity(),
          "The set of keys in the database that the store sees; clear() and queries stay within"
              + " it.");

  public static final Option<Long> BUFFER =
      Option.size(
          "buffer",
          "1mb",
          "1kb",
          "128mb",
          "How many bytes are buffered before a flush starts; at twice as many, writes wait.");

  public static final Option<Optional<Long>> BUFFER_OR_OFF =
      Option.sizeOrOff(
          "buffer",
          "off",
          "1kb",
          "128mb",
          "How many bytes are buffered before a flush starts; at twice as many, writes wait. off:"
              + " each write goes out at once. If only flush is given, the buffer has 1mb.");

  public static final Option<Optional<Duration>> FLUSH =
      Option.durationOrOff(
          "flush",
          "5s",
          "1ms",
          "365d",
          "How often the buffer is flushed, however little it holds; off: only when it is full.");

  public static final Option<Optional<Duration>> SWEEP =
      Option.durationOrOff(
          "sweep",
          "60s",
          "1ms",
          "365d",
          "How often expired entries are removed; they are invisible from the moment they expire.");

  public static final Option<Durability> DURABILITY =
      Option.choice(
          "durability",
          Durability.BUFFERED,
          "What a write waits for: nothing, the operating system, or the disk.");

  public static final Option<Codec> COMPRESSION =
      Option.choice(
          "compression",
          Codec.NONE,
          "How values are compressed, kept only when it saves space; zstd needs"
              + " com.github.luben:zstd-jni.");

  public static final Option<Duration> WRITE_TIMEOUT =
      Option.duration(
          "write-timeout",
          "30s",
          "1ms",
          "1d",
          "How long a write waits while the buffer is at its hard cap, twice the option buffer.");

  public static final Option<Optional<String>> NAME =
      Option.optionalText(
          "name",
          Pattern.compile("[A-Za-z0-9._-]{1,64}"),
          "The store's name in logs, statistics and JMX; made from the URL if not given.");

  public static final Option<ShutdownAction> SHUTDOWN =
      Option.choice(
          "shutdown",
          ShutdownAction.FLUSH,
          "What the hook at JVM exit does with a store that is still open; off: no hook.");

  public static final Option<Long> SEGMENT =
      Option.size(
          "segment", "64mb", "64kb", "1gb", "The size at which the log goes on in a new file.");

  public static final Option<Metadata> METADATA =
      Option.choice(
          "metadata",
          Metadata.SQLITE,
          "Whether a database of all keys with their tags and times is kept beside the log, for SQL"
              + " tools; written in idle moments.");

  public static final Option<Optional<Long>> MEMORY =
      Option.sizeOrAuto(
          "memory",
          "auto",
          "0b",
          "1048576gb",
          "How much of its files the store counts on having in memory; a larger log is read record"
              + " by record, not through maps. auto: what the container or the machine has, less"
              + " the maximum heap.");

  public static final Option<StoreAccess> ACCESS =
      Option.choice(
          "access",
          StoreAccess.WRITE,
          "Whether the store may be written to; with read, nothing in the directory is changed or"
              + " locked, whoever else has it open, and refresh() shows what has been flushed since.");

  public static final Option<Optional<HistoryLimits>> HISTORY =
      Option.of(
          "history",
          HistoryLimits.TYPE,
          "off",
          HistoryLimits::parse,
          HistoryLimits::format,
          "For how long what the store was is kept, for snapshotAt, or how much of what was"
              + " written last, in whole segments; with both, the size is the bound.");

  public static final Option<Duration> TIMEOUT =
      Option.duration(
          "timeout",
          "2s",
          "1ms",
          "1h",
          "How long a call waits before it gives up: for a free connection, to send, and for an"
              + " answer, in all. Each answer of the server begins the time anew, and each MB that"
              + " is sent adds a tenth of a second.");

  public static final Option<Integer> CONNECTIONS =
      Option.number(
          "connections", 8, 1, 1000, "How many connections are held to each server at most.");

  public static final Option<Duration> CONNECTION_AGE =
      Option.duration(
          "connection-age",
          "1m",
          "1s",
          "365d",
          "How long a connection is used before a new one takes its place, so that a name or a proxy"
              + " that leads to another server by then is followed there.");

  public static final Option<Optional<Integer>> PARTITIONS =
      Option.of(
          "partitions",
          "power of two (1 to 1024)",
          null,
          StandardOptions::parsePartitions,
          value -> value.map(String::valueOf).orElseThrow(),
          "Into how many parts, each in a slot of its own, a new database is divided: 64 on a"
              + " cluster, 1 elsewhere. A database keeps its number.");

  public static final Option<Optional<String>> PASSWORD_FILE =
      Option.optionalText(
          "password-file", "A file whose first line is the password, instead of one in the URL.");

  public static final Option<Optional<String>> TRUST_STORE =
      Option.optionalText(
          "trust-store",
          "A file of certificates to trust (PEM, PKCS12 or JKS) instead of the JVM's own.");

  public static final Option<Optional<String>> TRUST_STORE_PASSWORD_FILE =
      Option.optionalText(
          "trust-store-password-file", "A file whose first line is the trust store's password.");

  public static final Option<Optional<String>> KEY_STORE =
      Option.optionalText(
          "key-store",
          "A file with the certificate and the private key by which this side proves who it is"
              + " (PKCS12, JKS, or both in one PEM file).");

  public static final Option<Optional<String>> KEY_STORE_PASSWORD_FILE =
      Option.optionalText(
          "key-store-password-file", "A file whose first line is the key store's password.");

  public static final Option<Boolean> ACKNOWLEDGE_BY_REPLICA =
      Option.choice(
          "acknowledge",
          "server",
          serverOrReplica(),
          "Who must have a write before it returns: the server that was asked, or a replica too.");

  public static final Option<Optional<Long>> NEAR =
      Option.sizeOrOff(
          "near",
          "off",
          "64kb",
          "64gb",
          "How much memory is taken by what was read, which is kept in this JVM until the server"
              + " tells that it has changed; a read may be a second old.");

  public static final Option<Optional<String>> SPOOL =
      Option.optionalText(
          "spool",
          "A directory for a log in front of the server: a write returns once the log has it, and"
              + " goes to the server from a buffer; what a kill or an outage leaves is sent later,"
              + " each write once.");

  public static final Option<Boolean> VERIFY_HOST =
      Option.choice(
          "verify-host",
          "on",
          onOrOff(),
          "Whether the server's certificate must be for the host in the URL.");

  public static final Option<Optional<String>> SENTINEL_USER =
      Option.optionalText(
          "sentinel-user", "Who connects to the sentinels, if it is not their default user.");

  public static final Option<Optional<String>> SENTINEL_PASSWORD_FILE =
      Option.optionalText(
          "sentinel-password-file",
          "A file whose first line is the sentinels' password, if they have one.");

  public static final Option<Boolean> SENTINEL_TLS =
      Option.choice(
          "sentinel-tls",
          "on",
          onOrOff(),
          "Whether connections to the sentinels are encrypted too, with the same trust store.");

  /** What every backend accepts. */
  public static final List<Option<?>> COMMON =
      List.of(DB, NAMESPACE, BUFFER, FLUSH, SWEEP, DURABILITY, WRITE_TIMEOUT, NAME, SHUTDOWN);

  /** What every backend accepts whose stores write at once unless a buffer is asked for. */
  public static final List<Option<?>> COMMON_DIRECT =
      COMMON.stream().<Option<?>>map(option -> option == BUFFER ? BUFFER_OR_OFF : option).toList();

  /** What {@code nadb:fs:} accepts. */
  public static final List<Option<?>> FS =
      Stream.concat(
              COMMON.stream(),
              Stream.<Option<?>>of(COMPRESSION, SEGMENT, METADATA, MEMORY, ACCESS, HISTORY))
          .toList();

  /** What {@code nadb:redis:} accepts besides the common ones. */
  public static final List<Option<?>> REDIS =
      List.of(
          TIMEOUT,
          CONNECTIONS,
          CONNECTION_AGE,
          ACKNOWLEDGE_BY_REPLICA,
          NEAR,
          SPOOL,
          PARTITIONS,
          PASSWORD_FILE);

  /** What {@code nadb:rediss:} accepts besides the common ones. */
  public static final List<Option<?>> REDIS_TLS =
      Stream.concat(
              REDIS.stream(),
              Stream.<Option<?>>of(
                  TRUST_STORE,
                  TRUST_STORE_PASSWORD_FILE,
                  KEY_STORE,
                  KEY_STORE_PASSWORD_FILE,
                  VERIFY_HOST))
          .toList();

  /** What {@code nadb:redis-sentinel:} accepts besides the common ones. */
  public static final List<Option<?>> REDIS_SENTINEL =
      Stream.concat(REDIS.stream(), Stream.<Option<?>>of(SENTINEL_USER, SENTINEL_PASSWORD_FILE))
          .toList();

  /** What {@code nadb:rediss-sentinel:} accepts besides the common ones. */
  public static final List<Option<?>> REDIS_SENTINEL_TLS =
      Stream.concat(
              REDIS_TLS.stream(),
              Stream.<Option<?>>of(SENTINEL_USER, SENTINEL_PASSWORD_FILE, SENTINEL_TLS))
          .toList();

  private StandardOptions() {}

  private static Map<String, Boolean> serverOrReplica() {
    Map<String, Boolean> choices = new LinkedHashMap<>();
    choices.put("server", false);
    choices.put("replica", true);
    return choices;
  }

  private static Map<String, Boolean> onOrOff() {
    Map<String, Boolean> choices = new LinkedHashMap<>();
    choices.put("on", true);
    choices.put("off", false);
    return choices;
  }

  private static Optional<Integer> parsePartitions(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    int number = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    if (number < 1 || number > MAX_PARTITIONS || Integer.bitCount(number) != 1) {
      throw new IllegalArgumentException("expected 1, 2, 4 and so on up to " + MAX_PARTITIONS);
    }
    return Optional.of(number);
  }

  private static String parseDb(@Nullable String text) {
    if (text == null || text.isEmpty() || text.equals(".") || text.equals("..")) {
      throw new IllegalArgumentException("expected a name other than '', '.' and '..'");
    }
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("expected a name without NUL");
    }
    utf8Length(text);
    return text;
  }

  private static String parseNamespace(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      throw new IllegalArgumentException("expected at least one character");
    }
    int bytes = utf8Length(text);
    if (bytes > MAX_NAMESPACE_BYTES) {
      throw new IllegalArgumentException(
          "it has " + bytes + " bytes in UTF-8, expected at most " + MAX_NAMESPACE_BYTES);
    }
    return text;
  }

  private static int utf8Length(String text) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text)).remaining();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("expected text without unpaired surrogates", e);
    }
  }
}

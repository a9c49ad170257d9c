package io.nadb.internal.redis;

import io.nadb.CorruptStoreException;
import io.nadb.NadbConnectionException;
import io.nadb.NadbException;
import io.nadb.NadbTimeoutException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Says in NADB's words what Redis and Jedis say when something is wrong. */
final class RedisFailures {
  private static final int MAX_CHARS = 200;

  private final String place;
  private final Duration timeout;
  private final int connections;
  private final boolean several;
  private final ConnectionFigures figures;

  /**
   * Speaks of some servers.
   *
   * @param figures count what was late
   */
  RedisFailures(RedisSettings settings, ConnectionFigures figures) {
    this.figures = figures;
    this.place = settings.toString();
    this.timeout = settings.timeout();
    this.connections = settings.connections();
    this.several = settings.cluster() || settings.sentinel().isPresent();
  }

  /** The servers' name, for messages. */
  String place() {
    return place;
  }

  /**
   * No connection was to be had.
   *
   * @param node the server, if it is known which
   * @param inDoubt whether part of the write has been sent to another server already
   */
  NadbException notConnected(JedisException e, @Nullable HostAndPort node, boolean inDoubt) {
    String where = at(node);
    if (e instanceof JedisDataException refusal) {
      return refused(refusal, node);
    }
    if (isInterruption(e)) {
      Thread.currentThread().interrupt();
      return new NadbException(
          where + ": interrupted while waiting for a connection" + doubt(inDoubt), e);
    }
    if (e instanceof Lines.Busy) {
      return late(
          where
              + ": all "
              + connections
              + " connections were in use for "
              + timeout.toMillis()
              + " ms; raise the option connections, or timeout"
              + doubt(inDoubt),
          e,
          inDoubt);
    }
    if (has(e, SocketTimeoutException.class)) {
      return late(
          where
              + ": no connection within "
              + timeout.toMillis()
              + " ms (option timeout)"
              + doubt(inDoubt),
          e,
          inDoubt);
    }
    JedisDataException refusal = cause(e, JedisDataException.class);
    if (refusal != null) {
      return refused(refusal, node);
    }
    if (has(e, SSLException.class)) {
      return new NadbConnectionException(
          where
              + ": no encrypted connection: "
              + innermost(e)
              + "; is the server's certificate for this host, and does the option trust-store have"
              + " the authority that signed it?"
              + doubt(inDoubt),
          e,
          inDoubt);
    }
    return new NadbConnectionException(
        where + ": can't connect: " + innermost(e) + doubt(inDoubt), e, inDoubt);
  }

  /**
   * A connection broke, or there was no answer, while a request was under way.
   *
   * @param late whether the time was over
   */
  NadbException lost(JedisException e, HostAndPort node, boolean late, boolean write) {
    if (isInterruption(e)) {
      Thread.currentThread().interrupt();
      return new NadbConnectionException(
          at(node) + ": interrupted while waiting for an answer" + doubt(write), e, write);
    }
    if (late || has(e, SocketTimeoutException.class)) {
      return late(
          at(node)
              + ": no answer within "
              + timeout.toMillis()
              + " ms (option timeout)"
              + doubt(write),
          e,
          write);
    }
    return new NadbConnectionException(
        at(node) + ": the connection was lost: " + innermost(e) + doubt(write), e, write);
  }

  /**
   * A write is at the server, and at no replica.
   *
   * @param reply what the server says instead of a number, if it does
   */
  NadbException notReplicated(@Nullable Object reply, HostAndPort node) {
    String what =
        at(node)
            + ": the server has the write, but no replica had it in time (options acknowledge=replica"
            + " and timeout); a failover may lose it, and it is not repeated";
    return reply instanceof JedisDataException e
        ? new NadbConnectionException(what + ": " + shown(e.getMessage()), e, true)
        : late(what, null, true);
  }

  private NadbTimeoutException late(String message, @Nullable Throwable cause, boolean inDoubt) {
    figures.timedOut();
    return new NadbTimeoutException(message, cause, inDoubt);
  }

  private static String doubt(boolean write) {
    return write ? "; the write may have been carried out or not, and is not repeated" : "";
  }

  /** The server's name, for messages; where there are several, the node's besides. */
  private String at(@Nullable HostAndPort node) {
    return node == null || !several ? place : place + ", node " + node;
  }

  /** The server answered that it won't. */
  NadbException refused(JedisDataException e, @Nullable HostAndPort node) {
    String message = shown(e.getMessage());
    String where = at(node);
    String text = where + ": " + message;
    String code = message.indexOf(' ') < 0 ? message : message.substring(0, message.indexOf(' '));
    return switch (code) {
      case "WRONGPASS" ->
          new NadbException(where + " refuses the user or the password of the URL", e);
      case "NOAUTH" ->
          new NadbException(
              where + " wants a password: write //:password@host, or the option password-file", e);
      case "NOPERM" -> new NadbException(text + "; the URL's user lacks this permission", e);
      case "OOM" ->
          new NadbException(
              where
                  + " is out of memory (its setting maxmemory) and refused the write: nothing was"
                  + " written",
              e);
      case "READONLY" ->
          new NadbConnectionException(
              where
                  + " is a read-only replica and refused the write: nothing was written; open its"
                  + " master, or try again when the failover is over",
              e,
              false);
      case "LOADING", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "BUSY", "NOREPLICAS" ->
          new NadbConnectionException(text + "; nothing was done", e, false);
      default -> refusedInside(message, e, node);
    };
  }

  /** Older servers put what a script was told behind the script's name and line. */
  private NadbException refusedInside(
      String message, JedisDataException e, @Nullable HostAndPort node) {
    String where = at(node);
    for (String code : new String[] {"OOM ", "READONLY ", "NOREPLICAS "}) {
      if (message.contains(code)) {
        return refused(new JedisDataException(message.substring(message.indexOf(code)), e), node);
      }
    }
    if (isForbiddenInside(message)) {
      return new NadbException(
          where
              + ": the URL's user lacks the permission for a command that NADB's scripts run;"
              + " docs/redis.md lists what a user needs: "
              + message,
          e);
    }
    if (message.contains("non local key")) {
      return new NadbConnectionException(
          where + ": the slot is being moved to another node; try again", e, false);
    }
    if (message.contains("max number of clients")) {
      return new NadbConnectionException(
          where + " has as many clients as it takes (its setting maxclients); nothing was done",
          e,
          false);
    }
    if (message.contains("without any password configured")) {
      return new NadbException(where + " has no password, but the URL gives one; leave it out", e);
    }
    return new NadbException(where + ": " + message, e);
  }

  /** A key holds what NADB has not written there. */
  CorruptStoreException corrupt(byte[] key, String problem, @Nullable Throwable cause) {
    return new CorruptStoreException(
        place
            + ": the key '"
            + shown(Keyspace.text(key))
            + "' was not written by NADB: "
            + problem
            + "; delete it, or open another db",
        cause);
  }

  /** Whether the thread that waited was interrupted. */
  static boolean isInterruption(Throwable e) {
    return has(e, InterruptedException.class);
  }

  /** Whether a server has refused to write, since it is a replica, perhaps since just now. */
  static boolean isReadOnly(@Nullable Object reply) {
    return reply instanceof JedisDataException e
        && String.valueOf(e.getMessage()).contains("READONLY ");
  }

  /** Whether an answer says that who asks may read only, or has read only what he may. */
  static boolean mayNotWrite(@Nullable Object reply) {
    return reply instanceof JedisDataException e
        && (isReadOnly(e)
            || String.valueOf(e.getMessage()).contains("NOPERM")
            || isForbiddenInside(String.valueOf(e.getMessage())));
  }

  /** Whether a script was refused a command; since 7.2, and by Valkey, in other words. */
  private static boolean isForbiddenInside(String message) {
    return message.contains("can't run this command") || message.contains("ACL failure in script");
  }

  static boolean isWrongType(JedisDataException e) {
    return String.valueOf(e.getMessage()).contains("WRONGTYPE");
  }

  /**
   * Whether some or all keys of a request are at another node, to which its slot is being moved.
   */
  static boolean isBeingMoved(@Nullable Object reply) {
    return reply instanceof JedisAskDataException
        || (reply instanceof JedisDataException e
            && String.valueOf(e.getMessage()).startsWith("TRYAGAIN"));
  }

  /** Why something did not go, in a few words. */
  static String innermost(Throwable e) {
    Throwable at = e;
    while (at.getCause() != null && at.getCause() != at) {
      at = at.getCause();
    }
    if (at == e && e.getSuppressed().length > 0) {
      return innermost(e.getSuppressed()[0]);
    }
    return shown(at.getMessage() == null ? at.toString() : at.getMessage());
  }

  private static boolean has(Throwable e, Class<? extends Throwable> type) {
    return cause(e, type) != null;
  }

  private static <T extends Throwable> @Nullable T cause(Throwable e, Class<T> type) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return type.cast(at);
      }
      for (Throwable suppressed : at.getSuppressed()) {
        T found = cause(suppressed, type);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /** A text of somebody else's, fit for a message. */
  private static String shown(@Nullable String text) {
    String plain = String.valueOf(text).replaceAll("\\p{Cntrl}", "?");
    return plain.length() <= MAX_CHARS ? plain : plain.substring(0, MAX_CHARS) + "…";
  }
}

package io.nadb.internal.redis;

import io.nadb.TimeSource;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.util.RedisInputStream;
import redis.clients.jedis.util.RedisOutputStream;

/**
 * A connection on which a server tells which keys with a prefix change: by client tracking in
 * broadcast mode, redirected to itself, as a message of {@code __redis__:invalidate} for each round
 * of the server's event loop. For one thread, but for {@link #close}.
 *
 * <p>It reads by itself what Jedis's connection would read, since that takes a silence for the end;
 * here each silence of a tenth of a second is the time to ask for a sign of life.
 */
final class Subscription implements AutoCloseable {
  private static final String CHANNEL = "__redis__:invalidate";
  private static final int TICK_MILLIS = 100;
  private static final long TICK_NANOS = TICK_MILLIS * 1_000_000L;

  /** A server that is silent for so many ticks is gone. */
  private static final int MAX_SILENT_TICKS = 20;

  private final HostAndPort node;
  private final Line line;
  private final TimeSource time;
  private final RedisInputStream in;
  private final RedisOutputStream out;

  private Runnable look = () -> {};
  private boolean listening;
  private long tickedNanos;

  /** When the question was sent that waits for its answer, and when the one before. */
  private long askedNanos;

  private long askedBeforeNanos;
  private boolean asked;
  private int silentTicks;

  private Subscription(HostAndPort node, Line line, TimeSource time, Socket socket)
      throws IOException {
    this.node = node;
    this.line = line;
    this.time = time;
    this.in = new RedisInputStream(new Ticking(socket.getInputStream()));
    OutputStream raw = socket.getOutputStream();
    this.out = new RedisOutputStream(raw);
    this.askedNanos = time.nanoTime();
    this.askedBeforeNanos = askedNanos;
    this.tickedNanos = askedNanos;
  }

  /** What the server tells. */
  sealed interface News {}

  /**
   * It lives.
   *
   * @param heardUpToNanos all that was changed before this moment on the monotonic clock, it has
   *     told
   */
  record Sign(long heardUpToNanos) implements News {}

  /** Keys with these names have changed. */
  record Changes(List<byte[]> names) implements News {}

  /** Every key may have changed. */
  record Emptied() implements News {}

  /**
   * Connects, and has the server tell from now on.
   *
   * @throws redis.clients.jedis.exceptions.JedisException if that fails, or is not allowed
   */
  static Subscription open(Connector connector, HostAndPort node, String prefix, TimeSource time) {
    Line line = connector.connect(node);
    try {
      line.identify();
      line.sendCommand(Command.CLIENT, "ID");
      String id = String.valueOf(line.getOne());
      Socket socket = line.plug().socket();
      Subscription subscription = new Subscription(node, line, time, socket);
      subscription.ask(
          new CommandArguments(Command.CLIENT)
              .add("TRACKING")
              .add("ON")
              .add("REDIRECT")
              .add(id)
              .add("BCAST")
              .add("PREFIX")
              .add(prefix));
      subscription.ask(new CommandArguments(Command.SUBSCRIBE).add(CHANNEL));
      line.setSoTimeout(TICK_MILLIS);
      subscription.listening = true;
      return subscription;
    } catch (IOException e) {
      line.close();
      throw new JedisConnectionException(e);
    } catch (RuntimeException | Error e) {
      line.close();
      throw e;
    }
  }

  private void ask(CommandArguments command) throws IOException {
    send(command);
    Object unused = Protocol.read(in); // An error is thrown.
  }

  private void send(CommandArguments command) throws IOException {
    Protocol.sendCommand(out, command);
    out.flush();
  }

  HostAndPort node() {
    return node;
  }

  /** Which server it is. */
  String server() {
    return Objects.requireNonNull(line.server());
  }

  /**
   * Waits for news.
   *
   * @param look is run now and then meanwhile, ten times a second
   * @throws redis.clients.jedis.exceptions.JedisException if there is none to come any more
   */
  News next(Runnable look) {
    this.look = look;
    while (true) {
      if (time.nanoTime() - tickedNanos >= TICK_NANOS) { // There was no silence for long.
        tick();
      }
      News news = news(Protocol.read(in));
      if (news != null) {
        return news;
      }
    }
  }

  private @Nullable News news(@Nullable Object message) {
    List<?> parts = Replies.list(message);
    String kind = Keyspace.text(Replies.bytes(parts.get(0)));
    if (kind.equals("pong")) {
      asked = false;
      return new Sign(askedBeforeNanos);
    }
    if (!kind.equals("message")) {
      return null;
    }
    if (!(parts.get(2) instanceof List<?> names)) {
      return new Emptied();
    }
    List<byte[]> changed = new ArrayList<>(names.size());
    for (Object name : names) {
      changed.add(Replies.bytes(name));
    }
    return new Changes(changed);
  }

  private void tick() {
    tickedNanos = time.nanoTime();
    look.run();
    if (asked) {
      silentTicks++;
      if (silentTicks >= MAX_SILENT_TICKS) {
        throw new JedisConnectionException("no sign of life from " + node);
      }
      return;
    }
    askedBeforeNanos = askedNanos;
    askedNanos = time.nanoTime();
    asked = true;
    silentTicks = 0;
    try {
      send(new CommandArguments(Command.PING));
    } catch (IOException e) {
      throw new JedisConnectionException(e);
    }
  }

  /** Cuts the connection; whoever waits for news gets an error. */
  @Override
  public void close() {
    line.plug().pull();
  }

  /** What the server sends, with a tick in each silence. */
  private final class Ticking extends FilterInputStream {
    Ticking(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      while (true) {
        try {
          return in.read(bytes, from, length);
        } catch (SocketTimeoutException e) {
          if (!listening) {
            throw e;
          }
          tick();
        }
      }
    }
  }
}

package io.nadb.internal.redis;

import io.nadb.TimeSource;
import io.nadb.internal.redis.Sentinels.Master;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Listens to the sentinels, to one after the other, for news of another master.
 *
 * <p>Each is listened to for some seconds, and is asked first: so what one of them has missed, or
 * says to a connection that is dead, another one tells soon.
 */
final class SentinelWatch implements AutoCloseable {
  private static final String THREAD = "nadb-redis-sentinel";

  /**
   * The sentinel that makes another server the master knows it with the second, and says the first
   * when the other replicas follow, too: seconds later, in which the former master may take writes.
   */
  private static final String[] NEWS = {"+switch-master", "+promoted-slave"};

  private static final int LISTENING_MILLIS = 10_000;
  private static final int CONNECTING_MILLIS = 2_000;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Sentinels sentinels;
  private final TimeSource time;
  private final Consumer<Master> found;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private volatile @Nullable Plug plug;

  private SentinelWatch(Sentinels sentinels, TimeSource time, Consumer<Master> found) {
    this.sentinels = sentinels;
    this.time = time;
    this.found = found;
  }

  /**
   * Begins to listen.
   *
   * @param found is given each master that a sentinel has told of, most often the one that is known
   */
  static SentinelWatch start(Sentinels sentinels, TimeSource time, Consumer<Master> found) {
    SentinelWatch watch = new SentinelWatch(sentinels, time, found);
    Thread thread = new Thread(null, watch::run, THREAD, 0, false);
    thread.setDaemon(true);
    thread.start();
    return watch;
  }

  private void run() {
    List<HostAndPort> all = sentinels.all();
    for (int next = 0; !closed.isDone(); next = (next + 1) % all.size()) {
      if (!listens(all.get(next))) {
        pause();
      }
    }
  }

  private boolean listens(HostAndPort sentinel) {
    try {
      return listen(sentinel);
    } catch (RuntimeException | Error e) {
      return false; // Such as a trust store that can't be read now: calls say so, and this goes on.
    }
  }

  /** Listens to a sentinel; returns whether it could be listened to at all. */
  private boolean listen(HostAndPort sentinel) {
    Plug own = sentinels.plug(sentinel);
    plug = own;
    boolean listened = false;
    try (Line line = sentinels.connect(own, CONNECTING_MILLIS)) {
      line.sendCommand(Command.SUBSCRIBE, NEWS);
      line.getMany(NEWS.length);
      line.setSoTimeout(LISTENING_MILLIS);
      while (!closed.isDone()) {
        found.accept(sentinels.ask(sentinel)); // What it says of others is no news.
        listened = true;
        line.getOne();
      }
    } catch (JedisException e) {
      // It is gone, or has been silent for long enough, or this is closed.
    }
    return listened;
  }

  private void pause() {
    try {
      time.await(closed, PAUSE);
    } catch (InterruptedException e) {
      closed.complete(null); // Nobody knows of this thread; whoever stops it wants an end.
    }
  }

  @Override
  public void close() {
    closed.complete(null);
    Plug present = plug;
    if (present != null) {
      present.pull();
    }
  }
}

package io.nadb.spring.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreCapability;
import io.nadb.TimeSource;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Has one JVM load a key while the others that share the server wait for its value.
 *
 * <p>Who loads has a lease: an entry beside the cache's own, set if there is none, with a token of
 * the load, and with a TTL, so that the death of a JVM keeps nobody waiting for longer than that.
 * Only the token's owner takes the lease away. There is nothing to be told by when it goes, so who
 * waits looks again, less and less often.
 */
final class SharedLoads {
  /** No key of {@link TypedKeys} begins like that: behind the mark it has the name of a type. */
  private static final String LEASE = "\u0001lease:";

  private static final Duration FIRST_PAUSE = Duration.ofMillis(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);
  private static final System.Logger LOG = System.getLogger(SharedLoads.class.getName());

  private final KeyValueStore store;
  private final Duration lease;
  private final TimeSource time;

  SharedLoads(KeyValueStore store, Duration lease, TimeSource time) {
    this.store = store;
    this.lease = lease;
    this.time = time;
  }

  /** Those of a store, or null if no other JVM has it, or none is to be waited for. */
  static @Nullable SharedLoads of(KeyValueStore store, Duration lease) {
    boolean alone = store.capabilities().contains(StoreCapability.ONE_MOMENT);
    return alone || lease.isZero() ? null : new SharedLoads(store, lease, TimeSource.system());
  }

  /**
   * Returns what is found, or what the loader makes and puts.
   *
   * @param key as the store has it
   * @param look finds what somebody has put meanwhile, or null
   */
  Object load(String key, Supplier<@Nullable Object> look, Callable<Object> loader)
      throws Exception {
    String place = LEASE + key;
    byte[] token = UUID.randomUUID().toString().getBytes(UTF_8);
    for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
      boolean mine = store.setIfAbsent(place, token, SetOptions.ttl(lease));
      try {
        // After the lease: who had it before has put its value by then.
        Object found = look.get();
        if (found != null) {
          return found;
        }
        if (mine || !waits(pause)) {
          return loader.call();
        }
      } finally {
        if (mine) {
          release(place, token);
        }
      }
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  /** Waits, unless this thread is interrupted, which then loads without the lease. */
  private boolean waits(Duration pause) {
    try {
      time.await(new CompletableFuture<>(), pause);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** What was loaded is there, or has failed, whatever becomes of the lease: its TTL ends it. */
  private void release(String place, byte[] token) {
    try {
      store.delete(place, token);
    } catch (NadbException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "a load is over, but others wait for its lease to expire: " + e.getMessage(),
          e);
    }
  }
}

package io.nadb.internal.watch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.FlushCause;
import io.nadb.internal.jfr.Recordings;
import io.nadb.internal.jfr.Span;
import io.nadb.internal.report.Logbook;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An open store as it is seen from outside: tells the flight recorder and the {@link WatchPoints}
 * what happens in it, and answers those who watch.
 *
 * <p>Costs an open store one object, and a flush the reading of a variable, while nobody watches.
 */
public final class StoreProbe implements Function<String, @Nullable Object> {
  private static final Logbook LOG = Logbook.of(StoreProbe.class);

  private final Origin origin;
  private volatile @Nullable WatchedStore store;
  private volatile boolean reporting;

  @GuardedBy("this")
  private @Nullable Runnable endOfReport;

  /** Creates the probe of a store that is about to be opened. */
  public StoreProbe(Origin origin) {
    this.origin = origin;
  }

  /** Notes that the store is open. */
  public void opened(WatchedStore opened) {
    store = opened;
    WatchPoints.add(this);
    look();
  }

  /** Notes that the store has ended. */
  public void closed() {
    WatchPoints.remove(this);
    synchronized (this) {
      store = null;
      Runnable end = endOfReport;
      endOfReport = null;
      if (end != null) {
        end.run();
      }
    }
  }

  /**
   * Sees whether the flight recorder has been started meanwhile; called in each round of the
   * background thread, since asking the recorder to call us would make each JVM wait for it.
   */
  public void look() {
    if (!reporting && Recordings.isStarted()) {
      report();
    }
  }

  private synchronized void report() {
    WatchedStore watched = store;
    if (!reporting && watched != null) {
      reporting = true;
      try {
        endOfReport = Recordings.report(origin.name(), origin.url(), watched::stats);
      } catch (SecurityException e) { // No reason to fail a store.
        LOG.log(Level.DEBUG, "store " + origin.name() + " is not recorded", e);
      }
    }
  }

  /** Notes that a flush has ended; it took {@code nanos}. */
  public void flushed(
      Span span, FlushCause cause, long keys, long bytes, long nanos, @Nullable String failure) {
    span.flushed(origin.name(), cause.name(), keys, bytes, failure);
    WatchPoints.flushed(this, cause.name(), keys, bytes, nanos, failure);
  }

  /** Notes that a write has to wait for room. */
  public void full() {
    WatchPoints.full(this);
  }

  /** Notes that the store's background work keeps the thread from others. */
  public void stalled() {
    WatchPoints.stalled(this);
  }

  /**
   * Answers in types of {@code java.base}; part of the contract of {@link WatchPoints}.
   *
   * <pre>
   *   name, url          String
   *   figures, sync      Map: the components of StoreStats and SyncStatus, see Figures
   *   settings           Map: option to String[] {value, source, description}
   *   registry           an object for each registry, to be compared by identity
   *   nanoTime           Long: the registry's monotonic clock
   *   driver             String: the driver's version, or "unknown"
   *   flush              makes durable what is buffered; answers the number of flushes so far
   *   cleanupExpired     removes what has expired; answers how many entries
   * </pre>
   *
   * @return the answer; null if the question is not known
   * @throws IllegalStateException if the store has ended
   * @throws RuntimeException as the store throws it
   */
  @Override
  public @Nullable Object apply(String question) {
    return switch (question) {
      case "name" -> origin.name();
      case "url" -> origin.url();
      case "figures" -> Figures.of(open().stats());
      case "sync" -> Figures.of(origin.sync().get());
      case "settings" -> settings();
      case "registry" -> origin.registry();
      case "nanoTime" -> origin.time().nanoTime();
      case "driver" -> version();
      case "flush" -> {
        open().flush();
        yield open().stats().flushCount();
      }
      case "cleanupExpired" -> open().cleanupExpired();
      default -> null;
    };
  }

  private Map<String, String[]> settings() {
    Map<String, String[]> settings = new LinkedHashMap<>();
    for (Setting each : origin.settings()) {
      settings.put(each.name(), new String[] {each.value(), each.source(), each.description()});
    }
    return settings;
  }

  private static String version() {
    String version = StoreProbe.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }

  private WatchedStore open() {
    WatchedStore open = store;
    if (open == null) {
      throw new IllegalStateException("store is closed: " + origin.name());
    }
    return open;
  }
}

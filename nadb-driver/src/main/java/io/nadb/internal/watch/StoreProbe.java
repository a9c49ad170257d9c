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

  /** Takes back what the recorder has been asked for; null if it has not been asked. */
  @GuardedBy("this")
  private @Nullable Runnable endOfWaiting;

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
      stopWaiting();
      Runnable end = endOfReport;
      endOfReport = null;
      if (end != null) {
        end.run();
      }
    }
  }

  /**
   * Sees whether the flight recorder has been started meanwhile; called whenever the background
   * thread does something for the store, since asking the recorder to call us would make each JVM
   * wait for it.
   */
  public void look() {
    if (!reporting && Recordings.isStarted()) {
      report();
    }
  }

  /**
   * Notes that the background thread will do nothing for the store for a while, and so not look:
   * from now on the recorder calls.
   */
  public synchronized void asleep() {
    if (reporting || endOfWaiting != null || store == null) {
      return;
    }
    try {
      endOfWaiting = Recordings.onStart(this::look);
    } catch (Throwable e) { // As below.
      LOG.log(Level.DEBUG, "store " + origin.name() + " may be recorded late", e);
    }
    look(); // It may have been started before it was asked.
  }

  @GuardedBy("this")
  private void stopWaiting() {
    Runnable end = endOfWaiting;
    endOfWaiting = null;
    if (end != null) {
      end.run();
    }
  }

  private synchronized void report() {
    WatchedStore watched = store;
    if (!reporting && watched != null) {
      reporting = true;
      try {
        endOfReport = Recordings.report(origin.name(), origin.url(), watched::stats);
      } catch (Throwable e) { // No reason to fail a store.
        LOG.log(Level.DEBUG, "store " + origin.name() + " is not recorded", e);
      }
    }
  }

  /** Notes that a flush has ended; it took {@code nanos}. */
  public void flushed(
      Span span, FlushCause cause, long keys, long bytes, long nanos, @Nullable String failure) {
    tell(
        () -> {
          span.flushed(origin.name(), cause.name(), keys, bytes, failure);
          WatchPoints.flushed(this, cause.name(), keys, bytes, nanos, failure);
        });
  }

  /** Notes that a write has to wait for room. */
  public void full() {
    tell(() -> WatchPoints.full(this));
  }

  /** Notes that the store's background work keeps the thread from others. */
  public void stalled() {
    tell(() -> WatchPoints.stalled(this));
  }

  /** A store must not fail because it is watched, whatever a recorder or an agent throws. */
  private void tell(Runnable what) {
    try {
      what.run();
    } catch (Throwable e) {
      LOG.log(Level.DEBUG, "a watcher was not told", e);
    }
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
      case "figures" -> Figures.of(open().stats().asMap());
      case "sync" -> Figures.of(origin.sync().get().asMap());
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

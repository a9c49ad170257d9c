package io.nadb.internal.driver;

import io.nadb.FlushCause;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.internal.store.Engine;
import io.nadb.internal.store.NamespaceStore;
import io.nadb.internal.url.ShutdownAction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engines of a registry by location, each shared by its handles and ended by the last of them.
 *
 * <p>Each location has its own lock, so that a long recovery of one keeps nobody else waiting.
 */
final class OpenStores {
  private final Map<String, Location> locations = new ConcurrentHashMap<>();
  private final ShutdownHook hook = new ShutdownHook(this::shutDown);

  /** A location's engine, while it has handles. */
  private static final class Location {
    @Nullable Engine engine;
    SortedMap<String, String> settings = new java.util.TreeMap<>();
    Identity identity = Identity.of(List.of());
    ShutdownAction atShutdown = ShutdownAction.OFF;
    String url = "";
    int handles;

    /** Whether something is to be done at JVM exit; read without the lock. */
    volatile boolean needsShutdown;

    /** Whether it has been taken out of the map: then a new one must be made. */
    boolean gone;
  }

  /** What a handle is to be on. */
  record Opening(
      String location,
      String namespace,
      String url,
      SortedMap<String, String> settings,
      Identity identity,
      ShutdownAction atShutdown) {}

  /** Returns a handle on a location, whose engine is opened if there is none. */
  KeyValueStore open(Opening opening, Supplier<Engine> opener) {
    try {
      while (true) {
        Location location = locations.computeIfAbsent(opening.location, name -> new Location());
        synchronized (location) {
          if (!location.gone) {
            return handle(location, opening, opener);
          }
        }
      }
    } finally {
      hook.update(this::needsShutdown);
    }
  }

  private KeyValueStore handle(Location location, Opening opening, Supplier<Engine> opener) {
    Engine engine = location.engine;
    if (engine == null) {
      try {
        engine = opener.get();
      } finally {
        if (engine == null) {
          remove(opening.location, location);
        }
      }
      location.engine = engine;
      location.settings = opening.settings;
      location.identity = opening.identity;
      location.atShutdown = opening.atShutdown;
      location.url = opening.url;
      location.needsShutdown = opening.atShutdown != ShutdownAction.OFF;
    } else if (!location.identity.isSameAs(opening.identity)
        || !location.settings.equals(opening.settings)) {
      throw new IllegalStateException(conflict(location, opening));
    }
    location.handles++;
    return new NamespaceStore(
        engine, opening.namespace, opening.url, () -> release(opening.location, location));
  }

  private static String conflict(Location open, Opening opening) {
    StringBuilder text =
        new StringBuilder(opening.location).append(" is already open with other settings:");
    TreeSet<String> names = new TreeSet<>(open.settings.keySet());
    names.addAll(opening.settings.keySet());
    for (String name : names) {
      String there = open.settings.getOrDefault(name, "not set");
      String here = opening.settings.getOrDefault(name, "not set");
      if (!there.equals(here)) {
        text.append("\n  ")
            .append(name)
            .append(": open with ")
            .append(there)
            .append(", asked for ")
            .append(here);
      }
    }
    if (!open.identity.isSameAs(opening.identity)) {
      text.append("\n  credentials: not those it was opened with");
    }
    return text.append("\nopen:  ")
        .append(open.url)
        .append("\nasked: ")
        .append(opening.url)
        .append("\nUse the same settings, or close the store first.")
        .toString();
  }

  private void release(String name, Location location) {
    try {
      synchronized (location) {
        Engine engine = location.engine;
        if (--location.handles == 0 && engine != null) {
          end(name, location, () -> engine.close(FlushCause.CLOSE));
        }
      }
    } finally {
      hook.update(this::needsShutdown);
    }
  }

  private void end(String name, Location location, Runnable ending) {
    location.engine = null;
    location.needsShutdown = false;
    try {
      ending.run();
    } finally {
      remove(name, location);
    }
  }

  private void remove(String name, Location location) {
    location.gone = true;
    locations.remove(name, location);
  }

  /** Whether something is to be done when the JVM exits; waits for no location. */
  private boolean needsShutdown() {
    return locations.values().stream().anyMatch(location -> location.needsShutdown);
  }

  /** Closes all stores; one that fails does not keep the others from being closed. */
  void closeAll() {
    forEach(location -> true, (location, engine) -> engine.close(FlushCause.CLOSE));
  }

  /** Ends all stores as a crash would, except that it lets go of the files. */
  void discardAll() {
    forEach(location -> true, (location, engine) -> engine.discard());
  }

  /**
   * Ends the stores as their option {@code shutdown} says; those that it leaves alone still belong
   * to their handles, which another hook may be about to close.
   */
  private void shutDown() {
    forEach(
        location -> location.atShutdown != ShutdownAction.OFF,
        (location, engine) -> {
          if (location.atShutdown == ShutdownAction.FLUSH) {
            engine.close(FlushCause.SHUTDOWN);
          } else {
            engine.discard();
          }
        });
  }

  /** A way to end an engine. */
  private interface Ending {
    void end(Location location, Engine engine);
  }

  private void forEach(Predicate<Location> chosen, Ending ending) {
    List<RuntimeException> failures = Collections.synchronizedList(new ArrayList<>());
    SideBySide endings = new SideBySide("nadb-close");
    locations.forEach(
        (name, location) ->
            endings.add(
                () -> {
                  synchronized (location) {
                    Engine engine = location.engine;
                    if (engine != null && chosen.test(location)) {
                      try {
                        end(name, location, () -> ending.end(location, engine));
                      } catch (RuntimeException e) {
                        failures.add(e);
                      }
                    }
                  }
                }));
    endings.run();
    hook.update(this::needsShutdown);
    if (!failures.isEmpty()) {
      NadbException all =
          new NadbException(
              failures.size()
                  + " of the stores could not be closed cleanly: "
                  + failures.get(0).getMessage(),
              failures.get(0));
      failures.stream().skip(1).forEach(all::addSuppressed);
      throw all;
    }
  }
}

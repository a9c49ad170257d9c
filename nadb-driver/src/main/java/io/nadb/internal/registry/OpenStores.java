package io.nadb.internal.registry;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreStats;
import io.nadb.internal.store.Engine;
import io.nadb.internal.store.StoreHandle;
import io.nadb.internal.url.ShownNamespace;
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
  private final ShutdownHook hook = new ShutdownHook(this::shutDown, this::unsaved);

  /** A location's engine, while it has handles. */
  private static final class Location {
    /** Changed with the lock only. */
    volatile @Nullable Engine engine;

    SortedMap<String, String> settings = new java.util.TreeMap<>();
    OpenerIdentity identity = OpenerIdentity.of(List.of());
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
      OpenerIdentity identity,
      ShutdownAction atShutdown) {

    /** The same, but on another namespace. */
    Opening in(String other) {
      return new Opening(
          location, other, ShownNamespace.in(url, other), settings, identity, atShutdown);
    }
  }

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
      if (!hook.update(this::needsShutdown)) {
        prepareForExit(opening.location);
      }
    }
  }

  /** Does what the hook does, for a store that is opened so late that the hook has missed it. */
  private void prepareForExit(String name) {
    Location location = locations.get(name);
    if (location != null) {
      synchronized (location) {
        Engine engine = location.engine;
        if (engine != null && location.atShutdown == ShutdownAction.FLUSH) {
          engine.prepareForExit();
        }
      }
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
    return handle(location, engine, opening);
  }

  /** Returns a handle on an engine, under its location's lock. */
  private KeyValueStore handle(Location location, Engine engine, Opening opening) {
    location.handles++;
    return new StoreHandle(
        engine,
        opening.namespace,
        opening.url,
        other -> sibling(location, engine, opening.in(other)),
        () -> release(opening.location, location));
  }

  /** Returns another handle on an engine that has one, if that has not been closed meanwhile. */
  private KeyValueStore sibling(Location location, Engine engine, Opening opening) {
    // First without the lock: whoever closes the store holds it while listeners end, and one of
    // these may be here.
    checkOpen(location, engine);
    synchronized (location) {
      checkOpen(location, engine);
      return handle(location, engine, opening);
    }
  }

  private static void checkOpen(Location location, Engine engine) {
    if (location.engine != engine) {
      throw new IllegalStateException("store is closed: " + engine.name());
    }
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
          end(name, location, engine::close);
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
    forEach(location -> true, (name, location, engine) -> end(name, location, engine::close));
  }

  /** Ends all stores as a crash would, except that it lets go of the files. */
  void discardAll() {
    forEach(location -> true, (name, location, engine) -> end(name, location, engine::discard));
  }

  /**
   * Does what the stores' option {@code shutdown} says at the end of the JVM. None is closed that
   * is to be kept: it belongs to its handles, which another hook may be using, or about to close.
   */
  private void shutDown() {
    forEach(
        location -> location.atShutdown != ShutdownAction.OFF,
        (name, location, engine) -> {
          if (location.atShutdown == ShutdownAction.FLUSH) {
            engine.prepareForExit();
          } else {
            end(name, location, engine::discard);
          }
        });
  }

  /** Names the stores that hold what is not on disk, with how much; waits for no location. */
  private String unsaved() {
    List<String> stores = new ArrayList<>();
    for (Location location : locations.values()) {
      Engine engine = location.engine;
      if (engine != null && location.needsShutdown) {
        StoreStats stats = engine.stats();
        if (stats.bufferedKeys() > 0) {
          stores.add(
              engine.name()
                  + ": "
                  + stats.bufferedKeys()
                  + " keys ("
                  + stats.bufferedBytes()
                  + " bytes)");
        }
      }
    }
    return String.join(", ", stores);
  }

  /** What is to be done with an engine, under its location's lock. */
  private interface Ending {
    void end(String name, Location location, Engine engine);
  }

  private void forEach(Predicate<Location> chosen, Ending ending) {
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    SideBySide endings = new SideBySide("nadb-close");
    locations.forEach(
        (name, location) ->
            endings.add(
                () -> {
                  synchronized (location) {
                    Engine engine = location.engine;
                    if (engine != null && chosen.test(location)) {
                      try {
                        ending.end(name, location, engine);
                      } catch (RuntimeException | Error e) {
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

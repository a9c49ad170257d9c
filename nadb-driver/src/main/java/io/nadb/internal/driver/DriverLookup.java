package io.nadb.internal.driver;

import io.nadb.Driver;
import io.nadb.NadbUrlException;
import io.nadb.spi.NadbDriver;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Finds drivers: those that were registered, then those named in service files that the thread's
 * context class loader or NADB's own can see. Looks anew each time, so it holds no class loader.
 */
public final class DriverLookup {
  private final List<NadbDriver> registered = new CopyOnWriteArrayList<>();

  public void register(Driver driver) {
    if (!(Objects.requireNonNull(driver, "driver") instanceof NadbDriver added)) {
      throw new IllegalArgumentException(
          driver.getClass().getName() + " does not implement " + NadbDriver.class.getName());
    }
    synchronized (registered) {
      for (NadbDriver other : registered) {
        if (other.scheme().equals(added.scheme())) {
          throw new IllegalArgumentException(
              "a driver for the scheme '"
                  + added.scheme()
                  + "' is registered already: "
                  + other.getClass().getName()
                  + "; deregister it first");
        }
      }
      registered.add(added);
    }
  }

  public void deregister(Driver driver) {
    registered.removeIf(other -> other == driver);
  }

  public List<Driver> drivers() {
    return List.copyOf(find().drivers.values());
  }

  public NadbDriver driverFor(String scheme, Object shownUrl) {
    for (NadbDriver driver : registered) {
      if (driver.scheme().equals(scheme)) {
        return driver; // Without looking through the class path.
      }
    }
    Found found = find();
    NadbDriver driver = found.drivers.get(scheme);
    if (driver == null) {
      throw new NadbUrlException(
          "No driver for the scheme '"
              + scheme
              + "' in "
              + shownUrl
              + "\nAvailable: "
              + String.join(", ", found.drivers.keySet())
              + (found.broken.isEmpty() ? "" : "\nBroken: " + String.join("; ", found.broken)));
    }
    return driver;
  }

  /** The drivers by scheme, and what could not be loaded. */
  private record Found(Map<String, NadbDriver> drivers, List<String> broken) {}

  private Found find() {
    Found found = new Found(new LinkedHashMap<>(), new ArrayList<>());
    registered.forEach(driver -> found.drivers.putIfAbsent(driver.scheme(), driver));
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader own = DriverLookup.class.getClassLoader();
    collect(context, found);
    if (own != context) {
      collect(own, found);
    }
    return found;
  }

  /** One broken provider must not hide the others, in whatever way it is broken. */
  private static void collect(@Nullable ClassLoader loader, Found found) {
    Iterator<NadbDriver> drivers = ServiceLoader.load(NadbDriver.class, loader).iterator();
    Set<String> failures = new HashSet<>();
    while (true) {
      try {
        if (!drivers.hasNext()) {
          return;
        }
        NadbDriver driver = drivers.next();
        found.drivers.putIfAbsent(Objects.requireNonNull(driver.scheme(), "scheme"), driver);
      } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
        String failure = e.toString();
        if (!failures.add(failure)) {
          return; // The iterator does not get past it.
        }
        if (!found.broken.contains(failure)) {
          found.broken.add(failure);
        }
      }
    }
  }
}

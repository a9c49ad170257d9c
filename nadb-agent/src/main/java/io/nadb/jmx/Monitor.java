package io.nadb.jmx;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.jmx.RegisteredStore.SyncRegistration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * Takes in what happens to stores, and has an MBean for each while it is open.
 *
 * <p>Nothing here keeps a store or its class loader alive: stores are keys that are held weakly,
 * compared by identity since a store's probe has no other equality, and MBeans hold them weakly
 * too. The MBean server is asked for when the first store comes, not while the JVM starts, since
 * that would decide for the application which logging it has.
 *
 * @since 0.1.0
 */
public final class Monitor {
  /** The watch points that are understood. */
  public static final List<String> POINTS =
      List.of("opened", "closed", "flushed", "full", "stalled");

  private final Supplier<MBeanServer> server;
  private final MonitorSettings settings;
  private final BiConsumer<String, Throwable> warn;
  private final Delivery delivery = Delivery.start();
  private final RegistryBean registry;

  @GuardedBy("this")
  private final Map<Object, RegisteredStore> stores = new WeakHashMap<>();

  /** Those same registrations: to find what is left of a store that vanished unclosed. */
  @GuardedBy("this")
  private final Set<RegisteredStore> registered = new HashSet<>();

  @GuardedBy("this")
  private final Map<Object, SyncRegistration> syncs = new WeakHashMap<>();

  @GuardedBy("this")
  private @Nullable MBeanServer beans;

  /** Creates it; nothing is registered before there is a store. */
  public Monitor(
      Supplier<MBeanServer> server, MonitorSettings settings, BiConsumer<String, Throwable> warn) {
    this.server = server;
    this.settings = settings;
    this.warn = warn;
    this.registry = new RegistryBean(settings, this::registrations, delivery);
  }

  /**
   * Takes in what a watch point tells.
   *
   * @param point the name of the watch point
   * @param arguments its arguments, the store first; there may be more than are known here
   */
  public void report(String point, Object[] arguments) throws JMException {
    @SuppressWarnings("unchecked") // part of the contract
    Function<String, @Nullable Object> store = (Function<String, @Nullable Object>) arguments[0];
    switch (point) {
      case "opened" -> opened(store);
      case "closed" -> closed(store);
      default -> {
        RegisteredStore registration = registration(store);
        if (registration != null) {
          happened(point, registration, arguments);
        }
      }
    }
  }

  private static void happened(String point, RegisteredStore store, @Nullable Object[] arguments) {
    switch (point) {
      case "flushed" ->
          store
              .bean()
              .flushed(
                  String.valueOf(arguments[1]),
                  number(arguments[2]),
                  number(arguments[3]),
                  number(arguments[4]),
                  arguments[5] == null ? null : String.valueOf(arguments[5]));
      case "full" -> store.bean().alarms().bufferFull();
      case "stalled" -> store.sync().bean().alarms().stalled(store.source().name());
      default -> {
        // A newer driver tells more than this agent knows.
      }
    }
  }

  private static long number(@Nullable Object argument) {
    return argument instanceof Number number ? number.longValue() : 0;
  }

  private void opened(Function<String, @Nullable Object> store) throws JMException {
    Source source = new Source(store);
    synchronized (this) {
      if (stores.containsKey(store)) {
        return; // It was found open, and has said so itself at the same time.
      }
      MBeanServer beans = server();
      for (RegisteredStore each : List.copyOf(registered)) {
        if (each.source().isGone()) {
          takeAway(beans, each);
        }
      }
      SyncRegistration sync = sync(beans, store, source);
      sync.bean().add(source);
      try {
        StoreBean bean = new StoreBean(source, settings, delivery);
        ObjectName name =
            Names.registerStore(
                beans,
                source.name(),
                new DescribedBean(bean, StoreMXBean.class, "An open store of NADB."));
        RegisteredStore registration = new RegisteredStore(name, bean, source, sync);
        stores.put(store, registration);
        registered.add(registration);
      } catch (JMException | RuntimeException e) {
        leave(beans, source, sync);
        throw e;
      }
    }
    registry.opened(source);
  }

  /**
   * The MBean server, with the registry's MBean in it. The JDK makes the server when it is asked
   * for the first time, with things that remember forever whose code asked: so a thread of the
   * agent's asks, and no application is kept alive.
   */
  @GuardedBy("this")
  private MBeanServer server() throws JMException {
    MBeanServer known = beans;
    if (known == null) {
      known = CompletableFuture.supplyAsync(server, delivery).join();
      Names.register(
          known,
          "type=Registry",
          new DescribedBean(registry, RegistryMXBean.class, "The agent of NADB."));
      beans = known;
    }
    return known;
  }

  @GuardedBy("this")
  private SyncRegistration sync(
      MBeanServer beans, Function<String, @Nullable Object> store, Source source)
      throws JMException {
    Object owner = store.apply("registry");
    Object key = owner == null ? this : owner;
    SyncRegistration known = syncs.get(key);
    if (known == null) {
      SyncBean bean = new SyncBean(source, delivery);
      known =
          new SyncRegistration(
              Names.register(
                  beans,
                  "type=Sync",
                  new DescribedBean(
                      bean, SyncMXBean.class, "The background thread of a registry of NADB.")),
              bean);
      syncs.put(key, known);
    }
    return known;
  }

  private void closed(Object store) throws JMException {
    RegisteredStore gone;
    synchronized (this) {
      gone = stores.remove(store);
      if (gone == null) {
        return;
      }
      takeAway(server(), gone);
    }
    registry.closed(gone.source());
  }

  @GuardedBy("this")
  private void takeAway(MBeanServer beans, RegisteredStore store) {
    registered.remove(store);
    unregister(beans, store.name());
    leave(beans, store.source(), store.sync());
  }

  /** Takes a store from its registry's MBean, which goes with the last one. */
  @GuardedBy("this")
  private void leave(MBeanServer beans, Source source, SyncRegistration sync) {
    if (sync.bean().removeLast(source)) {
      syncs.values().remove(sync);
      unregister(beans, sync.name());
    }
  }

  private void unregister(MBeanServer beans, ObjectName name) {
    try {
      beans.unregisterMBean(name);
    } catch (InstanceNotFoundException e) {
      // Somebody else has taken it away: as is wanted.
    } catch (JMException e) {
      warn.accept("can't take away " + name, e);
    }
  }

  private synchronized @Nullable RegisteredStore registration(Object store) {
    return stores.get(store);
  }

  private synchronized List<RegisteredStore> registrations() {
    return List.copyOf(registered);
  }
}

package io.nadb.jmx;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.management.NotificationBroadcasterSupport;

/** The MBean of all open stores. */
final class RegistryBean extends NotificationBroadcasterSupport implements RegistryMXBean {
  private final MonitorSettings settings;
  private final Supplier<List<RegisteredStore>> stores;
  private final AtomicLong opened = new AtomicLong();
  private final AtomicLong closed = new AtomicLong();

  /** Creates it over a view of the stores that are registered now. */
  RegistryBean(
      MonitorSettings settings, Supplier<List<RegisteredStore>> stores, Delivery delivery) {
    super(delivery, Alarms.REGISTRY_NOTIFICATIONS);
    this.settings = settings;
    this.stores = stores;
  }

  void opened(Source store) {
    opened.incrementAndGet();
    new Alarms(store, this::sendNotification).opened();
  }

  void closed(Source store) {
    closed.incrementAndGet();
    new Alarms(store, this::sendNotification).closed();
  }

  @Override
  public String getAgentVersion() {
    String version = RegistryBean.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }

  @Override
  public List<String> getDriverVersions() {
    return stores.get().stream()
        .map(store -> Objects.toString(store.source().ask("driver"), "unknown"))
        .distinct()
        .sorted()
        .toList();
  }

  @Override
  public boolean isWritable() {
    return settings.access() == Access.WRITE;
  }

  @Override
  public List<String> getStores() {
    return stores.get().stream().map(store -> store.name().toString()).sorted().toList();
  }

  @Override
  public int getOpenStores() {
    return stores.get().size();
  }

  @Override
  public long getOpenedStores() {
    return opened.get();
  }

  @Override
  public long getClosedStores() {
    return closed.get();
  }
}

package io.nadb.jmx;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.management.NotificationBroadcasterSupport;

/** The MBean of a registry's background thread; asks whichever of its stores is open. */
final class SyncBean extends NotificationBroadcasterSupport implements SyncMXBean {
  private static final String SYNC = "sync";

  private final List<Source> stores = new CopyOnWriteArrayList<>();
  private final Source first;
  private final Alarms alarms;

  SyncBean(Source first, Delivery delivery) {
    super(delivery, Alarms.SYNC_NOTIFICATIONS);
    this.first = first;
    this.alarms = new Alarms(first, this::sendNotification);
  }

  Alarms alarms() {
    return alarms;
  }

  void add(Source store) {
    stores.add(store);
  }

  /** Takes a store away; returns whether it was the last. */
  boolean removeLast(Source store) {
    stores.remove(store);
    return stores.isEmpty();
  }

  private Source store() {
    for (Source store : stores) {
      return store;
    }
    return first;
  }

  @Override
  public boolean isRunning() {
    return Boolean.TRUE.equals(store().figures(SYNC).get("running"));
  }

  @Override
  public List<String> getStores() {
    return store().texts(SYNC, "stores");
  }

  @Override
  public List<String> getStalled() {
    return store().texts(SYNC, "stalled");
  }

  @Override
  public int getStalledCount() {
    return getStalled().size();
  }

  @Override
  public long getRounds() {
    return store().number(SYNC, "rounds");
  }

  @Override
  public long getFailures() {
    return store().number(SYNC, "failures");
  }

  @Override
  public long getTakeovers() {
    return store().number(SYNC, "takeovers");
  }

  @Override
  public long getReplacements() {
    return store().number(SYNC, "replacements");
  }

  @Override
  public long getLagMillis() {
    return store().number(SYNC, "lagMillis");
  }

  @Override
  public long getMaxLagMillis() {
    return store().number(SYNC, "maxLagMillis");
  }

  @Override
  public String getLastFailure() {
    return store().text(SYNC, "lastFailure");
  }
}

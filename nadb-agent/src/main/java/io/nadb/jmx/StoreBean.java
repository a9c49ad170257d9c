package io.nadb.jmx;

import java.util.Date;
import java.util.List;
import java.util.Map;
import javax.management.NotificationBroadcasterSupport;
import org.jspecify.annotations.Nullable;

/** The MBean of one store: reads from the driver whatever it is asked. */
final class StoreBean extends NotificationBroadcasterSupport implements StoreMXBean {
  private static final String FIGURES = "figures";

  private final Source source;
  private final MonitorSettings settings;
  private final Alarms alarms;
  private final @Nullable Histogram latency;

  StoreBean(Source source, MonitorSettings settings, Delivery delivery) {
    super(delivery, Alarms.STORE_NOTIFICATIONS);
    this.source = source;
    this.settings = settings;
    this.alarms = new Alarms(source, this::sendNotification);
    this.latency = settings.percentiles() ? new Histogram() : null;
  }

  /** Who is to be named as the sender of notifications. */
  Alarms alarms() {
    return alarms;
  }

  /** Notes that a flush has ended. */
  void flushed(String cause, long keys, long bytes, long nanos, @Nullable String failure) {
    if (failure != null) {
      alarms.flushFailed(cause, keys, bytes, nanos, failure);
      return;
    }
    if (latency != null) {
      latency.record(nanos);
    }
    if (nanos >= settings.slow().toNanos()) {
      alarms.flushSlow(cause, keys, bytes, nanos);
    }
  }

  private long number(String figure) {
    return source.number(FIGURES, figure);
  }

  private String text(String figure) {
    return source.text(FIGURES, figure);
  }

  @Override
  public String getName() {
    return source.name();
  }

  @Override
  public String getUrl() {
    return String.valueOf(source.ask("url"));
  }

  @Override
  public String getState() {
    String state = text("state");
    return state.isEmpty() ? "CLOSED" : state;
  }

  @Override
  public boolean isDegraded() {
    return getState().equals("DEGRADED");
  }

  @Override
  public long getBufferedBytes() {
    return number("bufferedBytes");
  }

  @Override
  public long getBufferedKeys() {
    return number("bufferedKeys");
  }

  @Override
  public long getBufferLimitBytes() {
    return number("bufferLimitBytes");
  }

  @Override
  public long getBufferedAgeMillis() {
    return number("bufferedAgeMillis");
  }

  @Override
  public long getSequence() {
    return number("sequence");
  }

  @Override
  public long getDurableSequence() {
    return number("durableSequence");
  }

  @Override
  public long getSets() {
    return number("sets");
  }

  @Override
  public long getDeletes() {
    return number("deletes");
  }

  @Override
  public long getGets() {
    return number("gets");
  }

  @Override
  public long getHits() {
    return number("hits");
  }

  @Override
  public long getMisses() {
    return number("misses");
  }

  @Override
  public long getExpired() {
    return number("expired");
  }

  @Override
  public long getFlushCount() {
    return number("flushCount");
  }

  @Override
  public long getFlushFailures() {
    return number("flushFailures");
  }

  @Override
  public long getFlushedKeys() {
    return number("flushedKeys");
  }

  @Override
  public long getFlushedBytes() {
    return number("flushedBytes");
  }

  @Override
  public long getStalls() {
    return number("stalls");
  }

  @Override
  public long getKeys() {
    return number("keys");
  }

  @Override
  public long getLiveBytes() {
    return number("liveBytes");
  }

  @Override
  public long getTotalBytes() {
    return number("totalBytes");
  }

  @Override
  public long getGarbageBytes() {
    Map<?, ?> figures = source.figures(FIGURES);
    return figures.get("totalBytes") instanceof Number total
            && figures.get("liveBytes") instanceof Number live
        ? total.longValue() - live.longValue()
        : -1;
  }

  @Override
  public long getCompactions() {
    return number("compactions");
  }

  @Override
  public long getMetadataLag() {
    return number("metadataLag");
  }

  @Override
  public String getMetadataFailure() {
    return text("metadataFailure");
  }

  @Override
  public long getEvictedKeys() {
    return number("evictedKeys");
  }

  @Override
  public long getIndexRebuilds() {
    return number("indexRebuilds");
  }

  @Override
  public long getConnectionWaits() {
    return number("connectionWaits");
  }

  @Override
  public long getConnectionTimeouts() {
    return number("connectionTimeouts");
  }

  @Override
  public long getConnectionsMade() {
    return number("connectionsMade");
  }

  @Override
  public long getNearHits() {
    return number("nearHits");
  }

  @Override
  public long getNearMisses() {
    return number("nearMisses");
  }

  @Override
  public long getNearEvictions() {
    return number("nearEvictions");
  }

  @Override
  public long getNearInvalidations() {
    return number("nearInvalidations");
  }

  @Override
  public long getNearLosses() {
    return number("nearLosses");
  }

  @Override
  public long getNearBytes() {
    return number("nearBytes");
  }

  @Override
  public long getNearLagMillis() {
    return number("nearLagMillis");
  }

  @Override
  public String getNearFailure() {
    return text("nearFailure");
  }

  @Override
  public long getAsyncCalls() {
    return number("asyncCalls");
  }

  @Override
  public long getAsyncRefusals() {
    return number("asyncRefusals");
  }

  @Override
  public long getSweepLagMillis() {
    return number("sweepLagMillis");
  }

  @Override
  public long getPendingRemovals() {
    return number("pendingRemovals");
  }

  @Override
  public long getListenerFailures() {
    return number("listenerFailures");
  }

  @Override
  public long getOpenSnapshots() {
    return number("openSnapshots");
  }

  @Override
  public long getOldestSnapshotAgeMillis() {
    return number("oldestSnapshotAgeMillis");
  }

  @Override
  public long getSnapshotBytes() {
    return number("snapshotBytes");
  }

  @Override
  public long getOpenFeeds() {
    return number("openFeeds");
  }

  @Override
  public long getFeedLag() {
    return number("feedLag");
  }

  @Override
  public long getFeedBytes() {
    return number("feedBytes");
  }

  @Override
  public long getHistoryAgeMillis() {
    return number("historyAgeMillis");
  }

  @Override
  public long getHistoryBytes() {
    return number("historyBytes");
  }

  @Override
  public String getLastFlushCause() {
    return text("lastFlushCause");
  }

  @Override
  @SuppressWarnings("JavaUtilDate") // see the interface
  public @Nullable Date getLastFlushTime() {
    long millis = number("lastFlushTime");
    return millis > 0 ? new Date(millis) : null;
  }

  @Override
  public String getLastFailure() {
    return text("lastFailure");
  }

  @Override
  public FlushLatency getFlushLatency() {
    return latency == null ? new FlushLatency(0, 0, 0, 0, 0, 0, 0) : latency.figures();
  }

  @Override
  public List<OptionSetting> configuration() {
    return source.figures("settings").entrySet().stream().map(StoreBean::setting).toList();
  }

  private static OptionSetting setting(Map.Entry<?, ?> option) {
    String[] parts = (String[]) option.getValue();
    return new OptionSetting(String.valueOf(option.getKey()), parts[0], parts[1], parts[2]);
  }

  @Override
  public long flush() {
    checkWritable("flush");
    return call("flush");
  }

  @Override
  public long cleanupExpired() {
    checkWritable("cleanupExpired");
    return call("cleanupExpired");
  }

  @Override
  public void resetStats() {
    checkWritable("resetStats");
    if (latency != null) {
      latency.reset();
    }
  }

  /** Has the store do something; a client of JMX need not have NADB's exceptions. */
  private long call(String operation) {
    try {
      return source.ask(operation) instanceof Number number ? number.longValue() : -1;
    } catch (RuntimeException e) {
      throw new IllegalStateException(operation + " failed: " + e.getMessage());
    }
  }

  private void checkWritable(String operation) {
    if (settings.access() != Access.WRITE) {
      throw new IllegalStateException(
          operation
              + " is not allowed: the agent was started with jmx=ro; jmx=rw allows it"
              + " (-javaagent:nadb-agent-<version>.jar=jmx=rw)");
    }
  }
}

package io.nadb.jmx;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;

/**
 * The notifications about one store: at most one of a type in ten seconds; the next one tells how
 * many were left out.
 */
final class Alarms {
  private static final String FLUSH_FAILED = "nadb.flush.failed";
  private static final String FLUSH_SLOW = "nadb.flush.slow";
  private static final String BUFFER_FULL = "nadb.buffer.full";
  private static final String SYNC_STALLED = "nadb.sync.stalled";
  private static final String STORE_OPENED = "nadb.store.opened";
  private static final String STORE_CLOSED = "nadb.store.closed";

  static final MBeanNotificationInfo STORE_NOTIFICATIONS =
      info("What goes wrong with this store", FLUSH_FAILED, FLUSH_SLOW, BUFFER_FULL);
  static final MBeanNotificationInfo SYNC_NOTIFICATIONS =
      info("What goes wrong with the background thread", SYNC_STALLED);
  static final MBeanNotificationInfo REGISTRY_NOTIFICATIONS =
      info("Which stores come and go", STORE_OPENED, STORE_CLOSED);

  private static final long PAUSE_NANOS = 10_000_000_000L;

  private final Source source;
  private final Consumer<Notification> sender;
  private final AtomicLong number = new AtomicLong();
  private final Map<String, Pause> pauses = new ConcurrentHashMap<>();

  /** When the latest of a type was sent, and how many have been left out since. */
  private record Pause(long sinceNanos, long leftOut) {}

  Alarms(Source source, Consumer<Notification> sender) {
    this.source = source;
    this.sender = sender;
  }

  private static MBeanNotificationInfo info(String description, String... types) {
    return new MBeanNotificationInfo(types, Notification.class.getName(), description);
  }

  void flushFailed(String cause, long keys, long bytes, long nanos, String failure) {
    Map<String, Object> data = flush(cause, keys, bytes, nanos);
    data.put("failure", failure);
    send(FLUSH_FAILED, "a flush of " + keys + " keys failed: " + failure, data);
  }

  void flushSlow(String cause, long keys, long bytes, long nanos) {
    send(
        FLUSH_SLOW,
        "a flush of " + keys + " keys took " + nanos / 1_000_000 + " ms",
        flush(cause, keys, bytes, nanos));
  }

  private static Map<String, Object> flush(String cause, long keys, long bytes, long nanos) {
    Map<String, Object> data = new TreeMap<>();
    data.put("cause", cause);
    data.put("keys", keys);
    data.put("bytes", bytes);
    data.put("millis", nanos / 1_000_000);
    return data;
  }

  void bufferFull() {
    Map<String, Object> data = new TreeMap<>();
    data.put("bufferedBytes", source.number("figures", "bufferedBytes"));
    data.put("bufferLimitBytes", source.number("figures", "bufferLimitBytes"));
    send(BUFFER_FULL, "a write has to wait: the buffer is at twice its size", data);
  }

  void stalled(String store) {
    Map<String, Object> data = new TreeMap<>();
    data.put("stalled", store);
    send(SYNC_STALLED, "the background work of " + store + " takes long", data);
  }

  void opened() {
    send(STORE_OPENED, "opened: " + source.ask("url"), new TreeMap<>());
  }

  void closed() {
    send(STORE_CLOSED, "closed: " + source.ask("url"), new TreeMap<>());
  }

  private void send(String type, String message, Map<String, Object> data) {
    long now = source.ask("nanoTime") instanceof Long nanos ? nanos : 0;
    boolean[] due = new boolean[1];
    long[] leftOut = new long[1];
    pauses.compute(
        type,
        (key, pause) -> {
          due[0] = pause == null || now - pause.sinceNanos >= PAUSE_NANOS;
          leftOut[0] = pause == null ? 0 : pause.leftOut;
          return due[0] || pause == null
              ? new Pause(now, 0)
              : new Pause(pause.sinceNanos, pause.leftOut + 1);
        });
    if (due[0]) {
      data.put("store", source.name());
      data.put("leftOut", leftOut[0]);
      Notification notification =
          new Notification(
              type, getClass().getName(), number.incrementAndGet(), source.name() + ": " + message);
      notification.setUserData(composite(type, data));
      sender.accept(notification);
    }
  }

  private static CompositeData composite(String type, Map<String, Object> data) {
    String[] names = data.keySet().toArray(String[]::new);
    OpenType<?>[] types =
        data.values().stream()
            .map(value -> value instanceof Long ? SimpleType.LONG : SimpleType.STRING)
            .toArray(OpenType[]::new);
    try {
      CompositeType description = new CompositeType(type, type, names, names, types);
      return new CompositeDataSupport(description, data);
    } catch (OpenDataException e) {
      throw new IllegalStateException("not to be described: " + data, e);
    }
  }
}

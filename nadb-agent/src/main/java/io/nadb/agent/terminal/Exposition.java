package io.nadb.agent.terminal;

import io.nadb.jmx.Descriptions;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes stores for other programs: as JSON, or in Prometheus' text format. */
final class Exposition {
  private static final Set<String> COUNTERS =
      Set.of(
          "Sets",
          "Deletes",
          "Gets",
          "Hits",
          "Misses",
          "Expired",
          "FlushCount",
          "FlushFailures",
          "FlushedKeys",
          "FlushedBytes",
          "Stalls",
          "Compactions",
          "EvictedKeys",
          "IndexRebuilds",
          "ConnectionWaits",
          "ConnectionTimeouts",
          "ConnectionsMade",
          "NearHits",
          "NearMisses",
          "NearEvictions",
          "NearInvalidations",
          "NearLosses",
          "AsyncRefusals",
          "ListenerFailures",
          "Rounds",
          "Failures",
          "Takeovers",
          "Replacements");

  private static final double MILLIS_PER_SECOND = 1000;

  private Exposition() {}

  static String json(String pid, String title, List<StoreView> stores) {
    StringBuilder json = new StringBuilder();
    json.append("{\"pid\":").append(pid).append(",\"main\":").append(quoted(title));
    json.append(",\"stores\":[");
    for (int i = 0; i < stores.size(); i++) {
      StoreView store = stores.get(i);
      json.append(i == 0 ? "\n" : ",\n").append("  {\"name\":").append(quoted(store.name()));
      for (Map.Entry<String, Object> each : new TreeMap<>(store.figures()).entrySet()) {
        String name = each.getKey();
        if (!name.equals("Name") && !name.equals("Store")) {
          Object value = each.getValue();
          json.append(',')
              .append(quoted(name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1)))
              .append(':')
              .append(value instanceof Number ? value.toString() : quoted(value.toString()));
        }
      }
      json.append(",\"flushLatency\":").append(json(store.latency())).append('}');
    }
    return json.append(stores.isEmpty() ? "]}\n" : "\n]}\n").toString();
  }

  private static String json(Percentiles latency) {
    return String.format(
        Locale.ROOT,
        "{\"count\":%d,\"meanMillis\":%.3f,\"p50Millis\":%.3f,\"p90Millis\":%.3f,"
            + "\"p99Millis\":%.3f,\"p999Millis\":%.3f,\"maxMillis\":%.3f}",
        latency.count(),
        latency.mean(),
        latency.p50(),
        latency.p90(),
        latency.p99(),
        latency.p999(),
        latency.max());
  }

  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        default -> {
          if (c < ' ') {
            quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  /**
   * Writes Prometheus' text format.
   *
   * @param syncs the figures of the background threads by a name for each; empty if not known
   */
  static String prometheus(List<StoreView> stores, Map<String, Map<String, Object>> syncs) {
    SortedSet<String> names = new TreeSet<>();
    for (StoreView store : stores) {
      store
          .figures()
          .forEach(
              (name, value) -> {
                if (value instanceof Number) {
                  names.add(name);
                }
              });
    }
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      boolean counter = COUNTERS.contains(name);
      boolean time = name.endsWith("Time");
      String metric =
          "nadb_store_" + snake(name) + (counter ? "_total" : "") + (time ? "_seconds" : "");
      head(text, metric, Descriptions.of(name), counter ? "counter" : "gauge");
      for (StoreView store : stores) {
        if (store.figures().get(name) instanceof Number value) {
          line(
              text,
              metric,
              "store=" + label(store.name()),
              time ? seconds(value.longValue()) : value);
        }
      }
    }
    head(text, "nadb_store_degraded", Descriptions.of("Degraded"), "gauge");
    for (StoreView store : stores) {
      long degraded = store.text("State").equals("DEGRADED") ? 1 : 0;
      line(text, "nadb_store_degraded", "store=" + label(store.name()), degraded);
    }
    summaries(text, stores);
    threads(text, syncs);
    return text.toString();
  }

  /** A time in seconds since 1970, written in full. */
  private static BigDecimal seconds(long millis) {
    return BigDecimal.valueOf(millis, 3);
  }

  /** Of a store whose flushes nobody has timed yet, there is nothing to say. */
  private static void summaries(StringBuilder text, List<StoreView> stores) {
    List<StoreView> timed = stores.stream().filter(store -> store.latency().count() > 0).toList();
    if (!timed.isEmpty()) {
      head(
          text,
          "nadb_store_flush_duration_seconds",
          "How long successful flushes took.",
          "summary");
    }
    for (StoreView store : timed) {
      summary(text, "store=" + label(store.name()), store.latency());
    }
  }

  private static void threads(StringBuilder text, Map<String, Map<String, Object>> syncs) {
    SortedSet<String> names = new TreeSet<>();
    syncs
        .values()
        .forEach(
            figures ->
                figures.forEach(
                    (name, value) -> {
                      if (value instanceof Number) {
                        names.add(name);
                      }
                    }));
    for (String name : names) {
      boolean counter = COUNTERS.contains(name);
      // What ends in _count belongs to a summary, for Prometheus.
      String metric =
          "nadb_sync_" + snake(name).replaceAll("_count$", "") + (counter ? "_total" : "");
      head(text, metric, Descriptions.of(name), counter ? "counter" : "gauge");
      syncs.forEach(
          (thread, figures) -> {
            if (figures.get(name) instanceof Number value) {
              line(text, metric, "thread=" + label(thread), value);
            }
          });
    }
  }

  private static void summary(StringBuilder text, String store, Percentiles latency) {
    String metric = "nadb_store_flush_duration_seconds";
    Map<String, Double> quantiles =
        new TreeMap<>(
            Map.of(
                "0.5", latency.p50(),
                "0.9", latency.p90(),
                "0.99", latency.p99(),
                "0.999", latency.p999()));
    quantiles.forEach(
        (quantile, millis) ->
            line(
                text, metric, store + ",quantile=\"" + quantile + '"', millis / MILLIS_PER_SECOND));
    line(text, metric + "_sum", store, latency.mean() * latency.count() / MILLIS_PER_SECOND);
    line(text, metric + "_count", store, latency.count());
  }

  private static void head(StringBuilder text, String metric, String help, String type) {
    text.append("# HELP ").append(metric).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(metric).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder text, String metric, String labels, Number value) {
    text.append(metric).append('{').append(labels).append("} ").append(value).append('\n');
  }

  private static String label(String value) {
    return quoted(value);
  }

  private static String snake(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}

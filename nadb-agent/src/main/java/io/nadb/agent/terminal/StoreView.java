package io.nadb.agent.terminal;

import java.util.Map;

/**
 * An open store, as it was at one moment.
 *
 * @param name its name, told apart from others of the same name by {@code #2} and so on
 * @param figures its figures by the names of the MBean's attributes: numbers and texts
 * @param latency how long its flushes took
 */
record StoreView(String name, Map<String, Object> figures, Percentiles latency) {

  /** Copies the figures. */
  StoreView {
    figures = Map.copyOf(figures);
  }

  long number(String figure) {
    return figures.get(figure) instanceof Number number ? number.longValue() : 0;
  }

  String text(String figure) {
    return figures.get(figure) instanceof String text ? text : "";
  }
}

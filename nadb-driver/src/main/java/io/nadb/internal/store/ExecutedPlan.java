package io.nadb.internal.store;

import io.nadb.QueryPlan;
import io.nadb.spi.SearchTrace;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a query has done. */
record ExecutedPlan(Map<String, Long> lists, long recordsRead, long bufferedRead, long hits)
    implements QueryPlan {

  ExecutedPlan(SearchTrace trace, long bufferedRead, long hits) {
    this(
        Collections.unmodifiableMap(new LinkedHashMap<>(trace.lists())),
        trace.recordsRead(),
        bufferedRead,
        hits);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(hits).append(" entries found, by ");
    String separator = "";
    for (Map.Entry<String, Long> list : lists.entrySet()) {
      text.append(separator).append(list.getKey()).append(" (").append(list.getValue()).append(')');
      separator = ", ";
    }
    return text.append(lists.isEmpty() ? "no list" : "")
        .append("; records read: ")
        .append(recordsRead)
        .append(", unflushed writes looked at: ")
        .append(bufferedRead)
        .toString();
  }
}

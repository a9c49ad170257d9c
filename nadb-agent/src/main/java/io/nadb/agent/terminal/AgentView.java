package io.nadb.agent.terminal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/** Reads stores from the agent's MBeans. */
final class AgentView {
  private final Target target;

  AgentView(Target target) {
    this.target = target;
  }

  List<StoreView> read() {
    List<StoreView> stores = new ArrayList<>();
    for (ObjectName name : target.names("type=Store,*")) {
      try {
        stores.add(read(name));
      } catch (InstanceNotFoundException e) {
        // It has been closed just now.
      } catch (IOException e) {
        throw target.gone(e);
      } catch (JMException e) {
        throw new TerminalException("can't read " + name + ": " + e.getMessage(), e);
      }
    }
    return stores;
  }

  /** Reads the figures of the background threads, by what is to be shown for each. */
  SortedMap<String, Map<String, Object>> syncs() {
    SortedMap<String, Map<String, Object>> syncs = new TreeMap<>();
    for (ObjectName name : target.names("type=Sync,*")) {
      try {
        String instance = name.getKeyProperty("instance");
        syncs.put(instance == null ? "1" : instance, figures(name));
      } catch (InstanceNotFoundException e) {
        // Its last store has been closed just now.
      } catch (IOException e) {
        throw target.gone(e);
      } catch (JMException e) {
        throw new TerminalException("can't read " + name + ": " + e.getMessage(), e);
      }
    }
    return syncs;
  }

  /** The name that is shown, and typed, for an MBean's. */
  static String shown(ObjectName name) {
    String instance = name.getKeyProperty("instance");
    return name.getKeyProperty("name") + (instance == null ? "" : "#" + instance);
  }

  private StoreView read(ObjectName name) throws IOException, JMException {
    Map<String, Object> figures = figures(name);
    Object latency = figures.remove("FlushLatency");
    return new StoreView(
        shown(name),
        figures,
        latency instanceof CompositeData data ? percentiles(data) : Percentiles.NONE);
  }

  /** The numbers, texts and composites of an MBean, and its times in milliseconds since 1970. */
  @SuppressWarnings("JavaUtilDate") // what MBeans tell times by
  private Map<String, Object> figures(ObjectName name) throws IOException, JMException {
    String[] attributes =
        Stream.of(target.beans().getMBeanInfo(name).getAttributes())
            .map(MBeanAttributeInfo::getName)
            .toArray(String[]::new);
    Map<String, Object> figures = new HashMap<>();
    for (Attribute attribute : target.beans().getAttributes(name, attributes).asList()) {
      Object value = attribute.getValue();
      if (value instanceof Number || value instanceof String || value instanceof CompositeData) {
        figures.put(attribute.getName(), value);
      } else if (value instanceof Date date) {
        figures.put(attribute.getName(), date.getTime());
      }
    }
    return figures;
  }

  private static Percentiles percentiles(CompositeData data) {
    return new Percentiles(
        (Long) data.get("count"),
        (Double) data.get("meanMillis"),
        (Double) data.get("p50Millis"),
        (Double) data.get("p90Millis"),
        (Double) data.get("p99Millis"),
        (Double) data.get("p999Millis"),
        (Double) data.get("maxMillis"));
  }
}

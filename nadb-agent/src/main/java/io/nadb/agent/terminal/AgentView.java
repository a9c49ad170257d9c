package io.nadb.agent.terminal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /** The name that is shown, and typed, for an MBean's. */
  static String shown(ObjectName name) {
    String instance = name.getKeyProperty("instance");
    return name.getKeyProperty("name") + (instance == null ? "" : "#" + instance);
  }

  private StoreView read(ObjectName name) throws IOException, JMException {
    String[] attributes =
        Stream.of(target.beans().getMBeanInfo(name).getAttributes())
            .map(MBeanAttributeInfo::getName)
            .toArray(String[]::new);
    Map<String, Object> figures = new HashMap<>();
    Percentiles latency = Percentiles.NONE;
    for (Attribute attribute : target.beans().getAttributes(name, attributes).asList()) {
      Object value = attribute.getValue();
      if (value instanceof CompositeData data) {
        latency = percentiles(data);
      } else if (value instanceof Number || value instanceof String) {
        figures.put(attribute.getName(), value);
      }
    }
    return new StoreView(shown(name), figures, latency);
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

package io.nadb.jmx;

import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Gives MBeans their names.
 *
 * <pre>
 *   io.nadb:type=Registry
 *   io.nadb:type=Sync                        the second registry: ,instance=2
 *   io.nadb:type=Store,name=&lt;name&gt;           the second store of that name: ,instance=2
 * </pre>
 *
 * <p>Whoever comes first has the plain name, and keeps it for as long as it is open. A store's name
 * is of {@code A-Za-z0-9._-}, so nothing needs quoting; whatever else a driver should give is
 * replaced.
 */
final class Names {
  static final String DOMAIN = "io.nadb";
  private static final String OTHERS = "[^A-Za-z0-9._-]";

  private Names() {}

  /** Registers a store's MBean under the first name that is free. */
  static ObjectName registerStore(MBeanServer server, String name, Object bean) throws JMException {
    return register(server, "type=Store,name=" + name.replaceAll(OTHERS, "_"), bean);
  }

  /** Registers another MBean under the first name that is free. */
  static ObjectName register(MBeanServer server, String properties, Object bean)
      throws JMException {
    for (int instance = 1; true; instance++) {
      ObjectName name =
          new ObjectName(
              DOMAIN + ":" + properties + (instance == 1 ? "" : ",instance=" + instance));
      try {
        return server.registerMBean(bean, name).getObjectName();
      } catch (InstanceAlreadyExistsException e) {
        // Somebody has it: the next one.
      }
    }
  }
}

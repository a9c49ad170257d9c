package io.nadb.jcache;

import java.lang.management.ManagementFactory;
import javax.cache.CacheException;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * One of a cache's MBeans, registered or not: {@code javax.cache:type=<type>,CacheManager=<url>,
 * Cache=<name>}, where characters that mean something to JMX are dots. A second manager of the same
 * URL adds {@code ,Instance=2}.
 */
final class ManagementBean {
  private final Object bean;
  private final String name;
  private @Nullable ObjectName registered;

  ManagementBean(Object bean, String type, String url, String cache) {
    this.bean = bean;
    this.name =
        "javax.cache:type=%s,CacheManager=%s,Cache=%s".formatted(type, safe(url), safe(cache));
  }

  private static String safe(String text) {
    return text.replaceAll("[,:=\n?*\"]", ".");
  }

  /** Registers the bean, or takes it away; does nothing if that is done. */
  synchronized void enable(boolean enable) {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try {
      if (enable && registered == null) {
        registered = register(server);
      } else if (!enable && registered != null) {
        ObjectName gone = registered;
        registered = null;
        server.unregisterMBean(gone);
      }
    } catch (InstanceNotFoundException e) {
      // Somebody else has taken it away, which is what was to be done.
    } catch (JMException e) {
      throw new CacheException("the MBean " + name + " can't be registered: " + e, e);
    }
  }

  private ObjectName register(MBeanServer server) throws JMException {
    for (int instance = 1; ; instance++) {
      ObjectName free = new ObjectName(instance == 1 ? name : name + ",Instance=" + instance);
      try {
        server.registerMBean(bean, free);
        return free;
      } catch (InstanceAlreadyExistsException e) {
        // Another manager's: the next number.
      }
    }
  }
}

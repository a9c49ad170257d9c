package io.nadb.application;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** An application that is deployed and taken away again. */
public final class Deployed {

  private Deployed() {}

  /** Opens a store, and leaves it open. */
  public static KeyValueStore open(String url) {
    return NadbDriverManager.open(url);
  }

  /** Uses a store, as the agent sees. */
  public static void run(String url) throws JMException {
    try (KeyValueStore store = NadbDriverManager.open(url)) {
      store.set("k", new byte[100]);
      store.flush();
      Object count =
          ManagementFactory.getPlatformMBeanServer()
              .getAttribute(
                  new ObjectName("io.nadb:type=Store,name=" + store.name()), "FlushCount");
      if (!count.equals(1L)) {
        throw new IllegalStateException("the agent saw " + count + " flushes");
      }
    }
  }
}

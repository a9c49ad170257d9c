package io.nadb.agent.terminal;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.io.IOException;
import java.util.Comparator;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Another JVM, seen through its own management agent: it is started in it as JConsole does, which
 * needs no flag there and has no JVM print a warning.
 */
final class Target implements AutoCloseable {
  static final String DOMAIN = "io.nadb";
  private static final String MAIN = "sun.java.command";

  private final String pid;
  private final String title;
  private final JMXConnector connector;
  private final MBeanServerConnection beans;

  private Target(String pid, String title, JMXConnector connector) throws IOException {
    this.pid = pid;
    this.title = title;
    this.connector = connector;
    this.beans = connector.getMBeanServerConnection();
  }

  /** Attaches to a JVM without changing anything in it. */
  static VirtualMachine attach(String pid) {
    try {
      return VirtualMachine.attach(pid);
    } catch (AttachNotSupportedException | IOException e) {
      throw new TerminalException(
          "can't attach to "
              + pid
              + ": "
              + e.getMessage()
              + "\nIs it a JVM that runs, of the same user, in the same container, and not started"
              + " with -XX:+DisableAttachMechanism? \"nadb list\" shows those that can be reached.",
          e);
    }
  }

  /** Connects to a JVM's MBeans. */
  @SuppressWarnings("BanJNDI") // The address is that JVM's own answer, of the same user.
  static Target connect(String pid) {
    VirtualMachine machine = attach(pid);
    try {
      String title = title(machine.getSystemProperties());
      String address = machine.startLocalManagementAgent();
      return new Target(pid, title, JMXConnectorFactory.connect(new JMXServiceURL(address)));
    } catch (IOException e) {
      throw new TerminalException("can't look at the MBeans of " + pid + ": " + e.getMessage(), e);
    } finally {
      detach(machine);
    }
  }

  static void detach(VirtualMachine machine) {
    try {
      machine.detach();
    } catch (IOException e) {
      System.err.println("the JVM has ended: " + e.getMessage());
    }
  }

  /** The JVMs that this user may attach to, without this one. */
  static Set<String> pids() {
    Set<String> pids = new TreeSet<>(Comparator.comparing(Long::valueOf));
    for (VirtualMachineDescriptor each : VirtualMachine.list()) {
      if (!each.id().equals(Long.toString(ProcessHandle.current().pid()))) {
        pids.add(each.id());
      }
    }
    return pids;
  }

  /** The class or jar that was started, without its path and its arguments. */
  private static String title(Properties properties) {
    String command = properties.getProperty(MAIN, "").split(" ", 2)[0];
    return command.substring(command.lastIndexOf('/') + 1);
  }

  String pid() {
    return pid;
  }

  String title() {
    return title;
  }

  MBeanServerConnection beans() {
    return beans;
  }

  /** Whether NADB's agent is in it, and has seen a store. */
  boolean hasAgent() {
    return !names("type=Registry,*").isEmpty();
  }

  /** The names of NADB's MBeans that fit. */
  Set<ObjectName> names(String properties) {
    try {
      return new TreeSet<>(beans.queryNames(new ObjectName(DOMAIN + ":" + properties), null));
    } catch (MalformedObjectNameException e) {
      throw new IllegalArgumentException(properties, e);
    } catch (IOException e) {
      throw gone(e);
    }
  }

  /** How many stores' background threads it has. */
  long syncThreads() {
    try {
      ObjectName threading = new ObjectName("java.lang:type=Threading");
      long[] ids = (long[]) beans.getAttribute(threading, "AllThreadIds");
      Object[] infos =
          (Object[])
              beans.invoke(
                  threading,
                  "getThreadInfo",
                  new Object[] {ids},
                  new String[] {long[].class.getName()});
      long count = 0;
      for (Object info : infos) {
        if (info instanceof CompositeData thread
            && String.valueOf(thread.get("threadName")).matches("nadb-sync-[0-9]+")) {
          count++;
        }
      }
      return count;
    } catch (IOException e) {
      throw gone(e);
    } catch (JMException e) {
      throw new TerminalException("can't see the threads of " + pid + ": " + e.getMessage(), e);
    }
  }

  TerminalException gone(IOException e) {
    return new TerminalException("the JVM " + pid + " has ended: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException e) {
      System.err.println("the JVM has ended: " + e.getMessage());
    }
  }
}

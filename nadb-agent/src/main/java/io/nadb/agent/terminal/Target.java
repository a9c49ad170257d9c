package io.nadb.agent.terminal;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Another JVM, seen through its own management agent. By a pid, that is started in it as JConsole
 * does, which needs no flag there and has no JVM print a warning; by an address, it is there.
 */
final class Target implements AutoCloseable {
  static final String DOMAIN = "io.nadb";
  private static final String MAIN = "sun.java.command";

  private final String name;
  private final String pid;
  private final String title;
  private final JMXConnector connector;
  private final MBeanServerConnection beans;

  private Target(String name, JMXConnector connector) throws IOException, JMException {
    this.name = name;
    this.connector = connector;
    this.beans = connector.getMBeanServerConnection();
    ObjectName runtime = new ObjectName("java.lang:type=Runtime");
    // Its attribute Pid is only there from JDK 10 on, and list meets whatever runs.
    this.pid = String.valueOf(beans.getAttribute(runtime, "Name")).split("@", 2)[0];
    this.title = title(beans, runtime);
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
              + " with -XX:+DisableAttachMechanism? \"nadb list\" shows those that can be reached."
              + " Others can be by host:port, if they listen for JMX.",
          e);
    }
  }

  /** Connects to the MBeans of a JVM of this machine. */
  @SuppressWarnings("BanJNDI") // The address is that JVM's own answer, of the same user.
  static Target connect(String pid) {
    VirtualMachine machine = attach(pid);
    try {
      String address = machine.startLocalManagementAgent();
      return connected(pid, JMXConnectorFactory.connect(new JMXServiceURL(address)));
    } catch (IOException e) {
      throw new TerminalException("can't look at the MBeans of " + pid + ": " + e.getMessage(), e);
    } finally {
      detach(machine);
    }
  }

  /** Connects to the MBeans of a JVM that listens for JMX, perhaps on another host. */
  @SuppressWarnings("BanJNDI") // The address is what the user has typed.
  static Target connect(JmxAddress address, Map<String, Object> environment) {
    try {
      return connected(address.toString(), JMXConnectorFactory.connect(address.url(), environment));
    } catch (SecurityException e) {
      throw new TerminalException(
          address
              + (environment.isEmpty()
                  ? " wants a user: give --user"
                  : " does not know this user with this password")
              + " (its jmxremote.password has them)",
          e);
    } catch (IOException e) {
      throw address.unreachable(e);
    }
  }

  private static Target connected(String name, JMXConnector connector) throws IOException {
    try {
      return new Target(name, connector);
    } catch (JMException e) {
      connector.close();
      throw new TerminalException("can't read the MBeans of " + name + ": " + e.getMessage(), e);
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
  private static String title(MBeanServerConnection beans, ObjectName runtime)
      throws IOException, JMException {
    TabularData properties;
    try {
      properties = (TabularData) beans.getAttribute(runtime, "SystemProperties");
    } catch (SecurityException | RuntimeMBeanException e) {
      return ""; // A security manager there keeps it; all else can be seen without.
    }
    CompositeData main = properties.get(new Object[] {MAIN});
    String command = main == null ? "" : String.valueOf(main.get("value")).split(" ", 2)[0];
    return command.substring(command.lastIndexOf('/') + 1);
  }

  /** What it is called by its user: the pid or the address. */
  String name() {
    return name;
  }

  /** What puts NADB's agent into it, with options or without. */
  String agentAdvice(String options) {
    return name.equals(pid)
        ? ("nadb attach " + pid + " " + options).strip()
        : "start it with -javaagent:nadb-agent-<version>.jar"
            + (options.isEmpty() ? "" : "=" + options)
            + ", since nothing can be put into it through JMX";
  }

  /** What a table of its stores is headed by. */
  String heading() {
    return (name.equals(pid) ? "pid " : "") + name + " " + title;
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
      throw new TerminalException("can't see the threads of " + name + ": " + e.getMessage(), e);
    } catch (SecurityException e) {
      throw readOnly("watching it without NADB's agent", e);
    }
  }

  /** Says that the user may read only, and that more is needed. */
  TerminalException readOnly(String what, Exception e) {
    return new TerminalException(
        name + " lets this user read only; " + what + " needs readwrite in its jmxremote.access",
        e);
  }

  TerminalException gone(IOException e) {
    return new TerminalException("the JVM " + name + " has ended: " + e.getMessage(), e);
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

package io.nadb.agent.terminal;

import java.io.IOException;
import java.net.MalformedURLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.remote.JMXServiceURL;

/**
 * Where a JVM listens for JMX, as {@code com.sun.management.jmxremote.port} has it.
 *
 * @param host a name or an IP address; one of IPv6 in brackets
 * @param port the port, from 1 to 65535
 */
record JmxAddress(String host, int port) {
  private static final int MAX_PORT = 65_535;
  private static final Pattern SYNTAX =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):([0-9]{1,5})");

  /** Reads {@code host:port}; empty for what has no colon and so is a pid. */
  static Optional<JmxAddress> parse(String text) {
    if (text.indexOf(':') < 0) {
      return Optional.empty();
    }
    Matcher matcher = SYNTAX.matcher(text);
    int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
    if (port < 1 || port > MAX_PORT) {
      throw new TerminalException(
          "not a JMX address: "
              + (text.indexOf('@') < 0 ? text : "(not shown, since it may hold a password)")
              + ". Give host:port, such as localhost:9010 or [::1]:9010, with a port from 1 to "
              + MAX_PORT
              + "; a user is named by --user");
    }
    return Optional.of(new JmxAddress(matcher.group(1), port));
  }

  /** The address of the connector that the JDK's own agent registers there. */
  JMXServiceURL url() throws MalformedURLException {
    return new JMXServiceURL("service:jmx:rmi:///jndi/rmi://" + this + "/jmxrmi");
  }

  /** Says why a connection failed, and what to do. */
  TerminalException unreachable(IOException e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return new TerminalException(
        "can't reach the JMX connector at "
            + this
            + ": "
            + cause
            + "\nIt is there if that JVM was started with -Dcom.sun.management.jmxremote.port="
            + port
            + ", and -Djava.rmi.server.hostname names it as this machine knows it. If it speaks"
            + " TLS, as is the default, this command needs -Djavax.net.ssl.trustStore before -jar.",
        e);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}

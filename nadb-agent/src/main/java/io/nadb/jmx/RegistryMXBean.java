package io.nadb.jmx;

import java.util.List;

/**
 * {@code io.nadb:type=Registry}: all stores of this JVM, whoever opened them; one for the agent.
 *
 * @since 0.1.0
 */
public interface RegistryMXBean {

  /** The agent's version. */
  String getAgentVersion();

  /** The versions of the drivers that have stores open. */
  List<String> getDriverVersions();

  /** Whether operations may be called: the agent's option jmx=rw. */
  boolean isWritable();

  /** The object names of the open stores. */
  List<String> getStores();

  /** How many stores are open. */
  int getOpenStores();

  /** How many were opened, or found open, since the agent came. */
  long getOpenedStores();

  /** How many have ended since the agent came. */
  long getClosedStores();
}

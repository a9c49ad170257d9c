package io.nadb.internal.lock;

/**
 * What tells a process from all others, those of the past and of other machines included.
 *
 * @param pid its number in its own namespace; in containers mostly 1
 * @param host the name of its machine or container
 * @param boot the kernel's name for the time since it was started; empty if there is none
 * @param namespaces the kernel's names for the namespaces in which pid and start hold; empty if
 *     there are none
 * @param start when it began, in a unit that no change of the clock moves; empty if unknown
 */
record ProcessIdentity(long pid, String host, String boot, String namespaces, String start) {

  /** Whether both are under one kernel that has not been restarted in between. */
  boolean sharesBoot(ProcessIdentity other) {
    return (boot.isEmpty() || other.boot.isEmpty())
        ? host.equals(other.host)
        : boot.equals(other.boot);
  }

  /** Whether it is the very same process. */
  boolean isSame(ProcessIdentity other) {
    return pid == other.pid
        && host.equals(other.host)
        && boot.equals(other.boot)
        && namespaces.equals(other.namespaces)
        && start.equals(other.start);
  }
}

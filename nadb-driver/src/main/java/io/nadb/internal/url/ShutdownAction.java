package io.nadb.internal.url;

/** What happens to an open store when the JVM exits. */
public enum ShutdownAction {
  /** A hook flushes the store, which stays open; what is written later is kept, too. */
  FLUSH,
  /** A hook closes the store without flushing: what is only in the buffer is lost. */
  DISCARD,
  /** No hook: the application closes the store itself. */
  OFF
}

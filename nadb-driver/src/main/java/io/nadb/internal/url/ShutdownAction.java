package io.nadb.internal.url;

/** What happens to an open store when the JVM exits. */
public enum ShutdownAction {
  /** A hook closes the store, which flushes it. */
  FLUSH,
  /** A hook closes the store without flushing: what is only in the buffer is lost. */
  DISCARD,
  /** No hook: the application closes the store itself. */
  OFF
}

package io.nadb;

/**
 * Why an entry is no longer there.
 *
 * @since 0.1.0
 */
public enum RemovalCause {
  /** A user removed it: {@code delete}, {@code getAndDelete}, {@code compute}, a transaction. */
  DELETED,

  /**
   * Its time had come. That it is gone shows at once, and is told when the store removes it: at the
   * next sweep, or before, by {@code cleanupExpired}, {@code clear} or a write of the same key.
   */
  EXPIRED,

  /** A user set another one in its place, in whatever way; {@code touch} replaces nothing. */
  REPLACED,

  /** A user removed all entries of its namespace. */
  CLEARED
}

package io.nadb;

import java.util.Objects;

/**
 * Is told of entries that have been removed; see {@link KeyValueStore#onRemoval}.
 *
 * <p>It is called by a background thread that does nothing else, and that all listeners of a
 * registry share: a slow listener keeps no flush, no sweep and no writer waiting, but may delay
 * other listeners by a second. It may use the store in any way. What has not been told yet waits in
 * memory, however much it is, and nothing is left out; {@link StoreStats#pendingRemovals()} says
 * how much.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RemovalListener {

  /**
   * Called once for each removal, by one thread at a time, in the order of the removals' sequence
   * numbers. What it throws is logged and counted, and the next removal comes all the same.
   *
   * <p>The thread is one in the background that does nothing else, and that all listeners of a
   * registry share: a slow listener keeps no flush, no sweep and no writer waiting, but may delay
   * other listeners by a second. It may use the store in any way. What has not been told yet waits
   * in memory, however much it is, and nothing is left out; {@link StoreStats#pendingRemovals()}
   * says how much.
   */
  void onRemoval(Removal removal);

  /**
   * Whether removals of this cause are to bring the value that was removed; asked once, when the
   * listener is registered. It keeps the value in memory until the listener has been told, and it
   * has whoever removes an entry read it first, if it is in the buffer no more.
   */
  default boolean wantsValue(RemovalCause cause) {
    return false;
  }

  /** Makes a listener get the value with each removal. */
  static RemovalListener withValues(RemovalListener listener) {
    Objects.requireNonNull(listener, "listener");
    return new RemovalListener() {
      @Override
      public void onRemoval(Removal removal) {
        listener.onRemoval(removal);
      }

      @Override
      public boolean wantsValue(RemovalCause cause) {
        return true;
      }
    };
  }
}

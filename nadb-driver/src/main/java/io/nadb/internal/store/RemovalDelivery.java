package io.nadb.internal.store;

import io.nadb.TimeSource;
import io.nadb.internal.sync.KeyValueSync;
import io.nadb.internal.sync.Member;
import io.nadb.internal.sync.SyncTask;

/**
 * The threads of a registry on which listeners are told of removals: none while nobody listens, and
 * none that flushes or sweeps, which must not wait for what users do.
 */
public final class RemovalDelivery {
  private final KeyValueSync threads;

  /** Whether a listener is closing the registry, which so can't wait for it. */
  private volatile boolean closing;

  /** Creates it; no thread starts before somebody listens. */
  public RemovalDelivery(TimeSource time, String threadName) {
    this.threads = new KeyValueSync(time, threadName);
  }

  Member member(SyncTask feed) {
    return threads.member(feed);
  }

  /** Notes that the registry is about to be closed, by whomever. */
  public void closing() {
    if (threads.isOwnThread()) {
      closing = true;
    }
  }

  /** Whether the caller may wait for listeners: not if it is one. */
  boolean mayWait() {
    return !closing && !threads.isOwnThread();
  }
}

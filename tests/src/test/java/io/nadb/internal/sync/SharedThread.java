package io.nadb.internal.sync;

import io.nadb.testkit.VirtualTime;
import org.junit.jupiter.api.Timeout;

/** A background thread that tasks share. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class SharedThread {
  static final long SECOND = 1_000_000_000L;

  final VirtualTime time = new VirtualTime();

  final KeyValueSync sync = new KeyValueSync(time, "nadb-sync-test");
}

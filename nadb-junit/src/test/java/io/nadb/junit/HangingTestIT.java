package io.nadb.junit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.nadb.KeyValueStore;
import io.nadb.testkit.Check;
import io.nadb.testkit.Crash;
import io.nadb.testkit.Fault;
import io.nadb.testkit.Faults;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.Operation;
import io.nadb.testkit.VirtualTime;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** JUnit's timeouts reach every test that hangs, and its failure shows the threads. */
class HangingTestIT {
  private static final byte[] VALUE = "v".getBytes(UTF_8);

  private static void blockInBackground(KeyValueStore store, NadbHarness harness)
      throws InterruptedException {
    Fault blocked = harness.faults().on(Operation.SYNC).file("*.seg").block();
    store.set("k", VALUE);
    harness.time().advance(ofSeconds(5));
    blocked.awaitBlocked();
  }

  static class Hanging {
    @NadbStore(with = "flush=5s", lenient = Check.LEAKS)
    private KeyValueStore store;

    @Test
    @Timeout(1)
    void flushOnTheTestThread(Faults faults) {
      faults.on(Operation.SYNC).file("*.seg").block();
      store.set("k", VALUE);
      store.flush();
    }

    @Test
    @Timeout(1)
    void flushBehindAnotherOne(NadbHarness harness) throws InterruptedException {
      blockInBackground(store, harness);
      store.flush();
    }

    @Test
    @Timeout(value = 1, threadMode = ThreadMode.SEPARATE_THREAD)
    void onAThreadOfItsOwn(NadbHarness harness) throws InterruptedException {
      blockInBackground(store, harness);
      store.flush();
    }

    @Test
    void preemptively(NadbHarness harness) throws InterruptedException {
      blockInBackground(store, harness);
      assertTimeoutPreemptively(ofSeconds(1), store::flush);
    }

    @Test
    @Timeout(1)
    void advance(VirtualTime time) {
      while (true) {
        store.set("k", VALUE);
        time.advance(Duration.ofSeconds(5)); // Until the next flush.
      }
    }

    @Test
    @Timeout(1)
    void recovery(NadbHarness harness) {
      store.set("k", VALUE);
      store.flush();
      harness.crash(Crash.PROCESS_KILL);
      harness.faults().on(Operation.OPEN).block();
      harness.reopen();
    }

    @Test
    @Timeout(1)
    void stop(NadbHarness harness) throws InterruptedException {
      blockInBackground(store, harness);
      harness.stop();
    }

    @Test
    @Timeout(1)
    void aFaultThatNothingMeets(Faults faults) throws InterruptedException {
      faults.on(Operation.SYNC).block().awaitBlocked();
    }
  }

  @Test
  void allTestsThatHangEndWithADumpOfTheThreads() {
    Engine engine = Engine.run(Map.of("nadb.test.kept", "target/nadb-kept"), Hanging.class);

    assertThat(engine.throwables()).hasSize(8);
    for (Throwable failure : engine.throwables()) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      assertThat(trace.toString()).contains("timed out after 1").contains("HangingTestIT$Hanging");
    }
    assertThat(engine.throwables().stream().filter(failure -> has(failure, "threads:\n")).count())
        .as("all but the two of threads that JUnit has given up")
        .isGreaterThanOrEqualTo(6);
  }

  private static boolean has(Throwable failure, String part) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    return trace.toString().contains(part);
  }
}

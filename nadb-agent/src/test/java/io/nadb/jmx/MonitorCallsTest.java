package io.nadb.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.management.Notification;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;

/** What can be done through MBeans, and what they tell by themselves. */
class MonitorCallsTest extends MonitoredStores {
  private BlockingQueue<Notification> listen(String properties) throws Exception {
    BlockingQueue<Notification> heard = new LinkedBlockingQueue<>();
    server.addNotificationListener(named(properties), (n, handback) -> heard.add(n), null, null);
    return heard;
  }

  @Test
  void readingIsAllThatIsAllowedUnlessWritingIs() throws Exception {
    Monitor reading =
        new Monitor(
            () -> server,
            new MonitorSettings(Access.READ, true, Duration.ZERO),
            (what, e) -> warnings.add(what));
    Store store = store("a", new Object());
    reading.report("opened", new Object[] {store});
    for (String operation : List.of("flush", "cleanupExpired", "resetStats")) {
      assertThatThrownBy(() -> invoke(operation))
          .hasRootCauseInstanceOf(IllegalStateException.class)
          .rootCause()
          .hasMessageStartingWith(operation + " is not allowed")
          .hasMessageContaining("jmx=rw");
    }
    assertThat(server.getAttribute(named("Registry"), "Writable")).isEqualTo(false);
  }

  @Test
  void eachOperationAsksTheStoreForWhatItIsCalled() throws Exception {
    Store store = store("a", new Object());
    report("opened", store);
    store.answers.put("flush", 5L);
    store.answers.put("cleanupExpired", 6);
    store.answers.put("settings", Map.of("buffer", new String[] {"1mb", "default", "how much"}));
    assertThat(invoke("flush")).isEqualTo(5L);
    assertThat(invoke("cleanupExpired")).isEqualTo(6L);
    assertThat((CompositeData[]) invoke("configuration"))
        .singleElement()
        .extracting(
            each -> List.of(each.getAll(new String[] {"name", "value", "source", "description"})))
        .isEqualTo(List.of("buffer", "1mb", "default", "how much"));
    assertThat(server.getAttribute(named("Registry"), "Writable")).isEqualTo(true);
  }

  @Test
  void anOperationThatFailsSaysWhyInTypesThatAnyClientHas() throws Exception {
    Store store = store("a", new Object());
    report("opened", store);
    store.answers.put("flush", new UnsupportedOperationException("disk full"));
    assertThatThrownBy(
            () -> server.invoke(named("Store,name=a"), "flush", new Object[0], new String[0]))
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("flush failed: disk full");
  }

  @Test
  void aFailedFlushIsToldOnceInTenSecondsWithTheNumberLeftOut() throws Exception {
    Store store = store("a", new Object());
    report("opened", store);
    BlockingQueue<Notification> heard = listen("Store,name=a");
    flushed(store, 5_000_000, "disk full");
    flushed(store, 5_000_000, "disk full");
    store.answers.put("nanoTime", 10 * SECOND - 1);
    flushed(store, 5_000_000, "disk full");
    store.answers.put("nanoTime", 10 * SECOND);
    flushed(store, 5_000_000, "disk gone");

    CompositeData first = (CompositeData) heard.take().getUserData();
    assertThat(first.get("failure")).isEqualTo("disk full");
    assertThat(first.get("leftOut")).isEqualTo(0L);
    assertThat(first.get("store")).isEqualTo("a");
    assertThat(first.get("cause")).isEqualTo("INTERVAL");
    assertThat(first.get("keys")).isEqualTo(3L);
    assertThat(first.get("bytes")).isEqualTo(300L);
    assertThat(first.get("millis")).isEqualTo(5L);
    Notification second = heard.take();
    assertThat(second.getType()).isEqualTo("nadb.flush.failed");
    assertThat(second.getMessage()).isEqualTo("a: a flush of 3 keys failed: disk gone");
    assertThat(((CompositeData) second.getUserData()).get("leftOut")).isEqualTo(2L);
  }

  @Test
  void aSlowFlushAFullBufferAndAStalledThreadAreTold() throws Exception {
    Store store = store("a", new Object());
    report("opened", store);
    BlockingQueue<Notification> heard = listen("Store,name=a");
    BlockingQueue<Notification> sync = listen("Sync");
    flushed(store, 199_999_999, null);
    flushed(store, 200_000_000, null);
    report("full", store);
    report("stalled", store);

    assertThat(heard.take().getType()).isEqualTo("nadb.flush.slow");
    Notification full = heard.take();
    assertThat(full.getType()).isEqualTo("nadb.buffer.full");
    assertThat(((CompositeData) full.getUserData()).get("bufferedBytes")).isEqualTo(17L);
    Notification stalled = sync.take();
    assertThat(stalled.getType()).isEqualTo("nadb.sync.stalled");
    assertThat(((CompositeData) stalled.getUserData()).get("stalled")).isEqualTo("a");
  }

  @Test
  void theRegistryTellsWhoComesAndGoes() throws Exception {
    report("opened", store("first", new Object()));
    BlockingQueue<Notification> heard = listen("Registry");
    Store store = store("a", new Object());
    report("opened", store);
    report("closed", store);

    assertThat(heard.take().getType()).isEqualTo("nadb.store.opened");
    assertThat(heard.take().getType()).isEqualTo("nadb.store.closed");
    assertThat(server.getAttribute(named("Registry"), "OpenedStores")).isEqualTo(2L);
    assertThat(server.getAttribute(named("Registry"), "ClosedStores")).isEqualTo(1L);
    assertThat(server.getAttribute(named("Registry"), "OpenStores")).isEqualTo(1);
  }
}

package io.nadb.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanRegistrationException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which MBeans there are, what they are called, and what they tell. */
class MonitorTest {
  private static final long SECOND = 1_000_000_000L;

  private final MBeanServer server = MBeanServerFactory.newMBeanServer();
  private final List<String> warnings = new ArrayList<>();
  private final List<Store> alive = new ArrayList<>();
  private final Monitor monitor =
      new Monitor(
          () -> server,
          new MonitorSettings(Access.WRITE, true, Duration.ofMillis(200)),
          (what, e) -> warnings.add(what + ": " + e));

  /** A driver's side of a store, as the contract has it. */
  private static final class Store implements Function<String, @Nullable Object> {
    private final Map<String, Object> answers = new HashMap<>();

    private Store(String name, Object registry) {
      answers.put("name", name);
      answers.put("url", "nadb:mem:" + name);
      answers.put("registry", registry);
      answers.put("nanoTime", 0L);
      answers.put("figures", Map.of("state", "HEALTHY", "bufferedBytes", 17L));
      answers.put("sync", Map.of("running", true, "stores", List.of(name)));
    }

    @Override
    public @Nullable Object apply(String question) {
      Object answer = answers.get(question);
      if (answer instanceof RuntimeException e) {
        throw e;
      }
      return answer;
    }
  }

  private Store store(String name, Object registry) {
    Store store = new Store(name, registry);
    alive.add(store);
    return store;
  }

  private void report(String point, Object... arguments) throws Exception {
    monitor.report(point, arguments);
  }

  private void flushed(Store store, long nanos, @Nullable String failure) throws Exception {
    monitor.report("flushed", new Object[] {store, "INTERVAL", 3L, 300L, nanos, failure});
  }

  private Set<String> names() throws Exception {
    return server.queryNames(new ObjectName("io.nadb:*"), null).stream()
        .map(name -> name.toString().substring("io.nadb:type=".length()))
        .collect(Collectors.toSet());
  }

  private static ObjectName named(String properties) throws Exception {
    return new ObjectName("io.nadb:type=" + properties);
  }

  private BlockingQueue<Notification> listen(String properties) throws Exception {
    BlockingQueue<Notification> heard = new LinkedBlockingQueue<>();
    server.addNotificationListener(named(properties), (n, handback) -> heard.add(n), null, null);
    return heard;
  }

  @Test
  void nothingIsRegisteredBeforeThereIsAStore() throws Exception {
    assertThat(names()).isEmpty();
  }

  @Test
  void storesOfOneRegistryShareItsThreadAndThatGoesWithTheLast() throws Exception {
    Object registry = new Object();
    Store a = store("a", registry);
    Store b = store("b", registry);
    report("opened", a);
    report("opened", b);
    assertThat(names())
        .containsExactlyInAnyOrder("Registry", "Sync", "Store,name=a", "Store,name=b");

    report("closed", a);
    assertThat(names()).containsExactlyInAnyOrder("Registry", "Sync", "Store,name=b");
    report("closed", b);
    assertThat(names()).containsExactly("Registry");
  }

  @Test
  void theThreadIsBackWithTheNextStoreOfItsRegistry() throws Exception {
    Object registry = new Object();
    Store a = store("a", registry);
    report("opened", a);
    report("closed", a);
    report("opened", store("b", registry));
    assertThat(names()).containsExactlyInAnyOrder("Registry", "Sync", "Store,name=b");
  }

  @Test
  void aStoreThatCannotBeRegisteredLeavesNothingBehind() throws Exception {
    MBeanServer refusing =
        (MBeanServer)
            Proxy.newProxyInstance(
                MonitorTest.class.getClassLoader(),
                new Class<?>[] {MBeanServer.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("registerMBean")
                      && arguments[1].toString().contains("type=Store")) {
                    throw new MBeanRegistrationException(new IllegalStateException("no"), "no");
                  }
                  return method.invoke(server, arguments);
                });
    Monitor refused =
        new Monitor(
            () -> refusing,
            new MonitorSettings(Access.READ, true, Duration.ZERO),
            (what, e) -> warnings.add(what));
    assertThatThrownBy(() -> refused.report("opened", new Object[] {store("a", new Object())}))
        .isInstanceOf(MBeanRegistrationException.class);
    assertThat(names()).containsExactly("Registry");
  }

  @Test
  void everyNumberIsTheFigureOfItsName() throws Exception {
    Store store = store("a", new Object());
    report("opened", store);
    for (String bean : List.of("Store,name=a", "Sync")) {
      Map<String, Object> figures = new HashMap<>();
      for (MBeanAttributeInfo attribute : server.getMBeanInfo(named(bean)).getAttributes()) {
        if (attribute.getType().equals("long")) {
          String figure = attribute.getName();
          figure = figure.substring(0, 1).toLowerCase(Locale.ROOT) + figure.substring(1);
          figures.put(figure, 1000L + figures.size());
        }
      }
      assertThat(figures).hasSizeGreaterThanOrEqualTo(5);
      store.answers.put(bean.equals("Sync") ? "sync" : "figures", figures);
      for (Map.Entry<String, Object> figure : figures.entrySet()) {
        if (!figure.getKey().equals("garbageBytes")) {
          assertThat(server.getAttribute(named(bean), attribute(figure.getKey())))
              .as(bean + " " + figure.getKey())
              .isEqualTo(figure.getValue());
        }
      }
    }
  }

  private static String attribute(String figure) {
    return figure.substring(0, 1).toUpperCase(Locale.ROOT) + figure.substring(1);
  }

  @Test
  void eachRegistryHasAThreadOfItsOwn() throws Exception {
    Store a = store("a", new Object());
    report("opened", a);
    report("opened", store("b", new Object()));
    assertThat(names()).contains("Sync", "Sync,instance=2");

    report("closed", a);
    assertThat(names()).contains("Sync,instance=2", "Store,name=b").doesNotContain("Sync");
  }

  @Test
  void aNameThatIsTakenIsLeftToWhoHasIt() throws Exception {
    ObjectName taken = named("Store,name=a");
    server.registerMBean(
        new RegistryBean(
            new MonitorSettings(Access.READ, true, Duration.ZERO), List::of, Delivery.start()),
        taken);
    Store store = store("a", new Object());
    report("opened", store);
    assertThat(names()).contains("Store,name=a", "Store,name=a,instance=2");

    report("closed", store);
    assertThat(names()).contains("Store,name=a").doesNotContain("Store,name=a,instance=2");
  }

  @Test
  void aStoreThatIsReportedTwiceIsThereOnce() throws Exception {
    Store store = store("a", new Object());
    report("opened", store);
    report("opened", store);
    assertThat(names()).containsExactlyInAnyOrder("Registry", "Sync", "Store,name=a");
    report("closed", store);
    report("closed", store);
    assertThat(names()).containsExactly("Registry");
  }

  @Test
  void aStoreThatVanishedUnclosedIsTakenAwayWhenTheNextOneComes() throws Exception {
    report("opened", store("a", new Object()));
    WeakReference<Store> vanished = new WeakReference<>(alive.remove(0));
    while (vanished.get() != null) {
      System.gc();
    }
    report("opened", store("b", new Object()));
    assertThat(names()).containsExactlyInAnyOrder("Registry", "Sync", "Store,name=b");
  }

  @Test
  void aNameNeverNeedsQuoting() throws Exception {
    report("opened", store("nadb://u:p@h?x=1,y*", new Object()));
    assertThat(names()).contains("Store,name=nadb___u_p_h_x_1_y_");
  }

  @Test
  void whatSomebodyElseTookAwayIsNoFailure() throws Exception {
    Store store = store("a", new Object());
    report("opened", store);
    server.unregisterMBean(named("Store,name=a"));
    report("closed", store);
    assertThat(warnings).isEmpty();
  }

  @Test
  void whatADriverDoesNotKnowIsMinusOne() throws Exception {
    report("opened", store("a", new Object()));
    assertThat(server.getAttribute(named("Store,name=a"), "BufferedBytes")).isEqualTo(17L);
    assertThat(server.getAttribute(named("Store,name=a"), "FlushCount")).isEqualTo(-1L);
    assertThat(server.getAttribute(named("Store,name=a"), "LastFlushTime")).isNull();
    assertThat(server.getAttribute(named("Store,name=a"), "LastFailure")).isEqualTo("");
  }

  @Test
  void garbageIsWhatIsOnDiskAndNotLive() throws Exception {
    Store store = store("a", new Object());
    report("opened", store);
    assertThat(server.getAttribute(named("Store,name=a"), "GarbageBytes")).isEqualTo(-1L);
    store.answers.put("figures", Map.of("totalBytes", 100L, "liveBytes", 30L));
    assertThat(server.getAttribute(named("Store,name=a"), "GarbageBytes")).isEqualTo(70L);
  }

  @Test
  void aStoreThatEndsWhileItIsAskedIsClosed() throws Exception {
    Store store = store("a", new Object());
    report("opened", store);
    store.answers.put("figures", new IllegalStateException("store is closed"));
    assertThat(server.getAttribute(named("Store,name=a"), "State")).isEqualTo("CLOSED");
    assertThat(server.getAttribute(named("Store,name=a"), "BufferedBytes")).isEqualTo(-1L);
  }

  @Test
  void aPointThatANewerDriverHasIsPassedOver() throws Exception {
    Store store = store("a", new Object());
    report("opened", store);
    report("compacted", store, 1L);
    assertThat(warnings).isEmpty();
  }

  @Test
  void whatCameBeforeTheOpeningIsPassedOver() throws Exception {
    flushed(store("a", new Object()), 1, null);
    assertThat(names()).isEmpty();
  }

  @Test
  void timesOfFlushesGoIntoPercentiles() throws Exception {
    Store store = store("a", new Object());
    report("opened", store);
    for (int i = 1; i <= 100; i++) {
      flushed(store, i * 1_000_000L, null);
    }
    flushed(store, SECOND, "no"); // A failed one does not count.
    CompositeData latency =
        (CompositeData) server.getAttribute(named("Store,name=a"), "FlushLatency");
    assertThat(latency.get("count")).isEqualTo(100L);
    assertThat((double) latency.get("p50Millis")).isBetween(49.9, 50.2);
    assertThat((double) latency.get("p99Millis")).isBetween(98.9, 99.2);
    assertThat((double) latency.get("p90Millis")).isBetween(89.9, 90.2);
    assertThat((double) latency.get("p999Millis")).isBetween(99.9, 100.2);
    assertThat((double) latency.get("meanMillis")).isBetween(50.4, 50.7);
    assertThat((double) latency.get("maxMillis")).isBetween(99.9, 100.2);

    server.invoke(named("Store,name=a"), "resetStats", new Object[0], new String[0]);
    latency = (CompositeData) server.getAttribute(named("Store,name=a"), "FlushLatency");
    assertThat(latency.get("count")).isEqualTo(0L);
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

  private @Nullable Object invoke(String operation) throws Exception {
    return server.invoke(named("Store,name=a"), operation, new Object[0], new String[0]);
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
  void stateAndStallsAreNumbersToo() throws Exception {
    Store store = store("a", new Object());
    report("opened", store);
    assertThat(server.getAttribute(named("Store,name=a"), "Degraded")).isEqualTo(false);
    assertThat(server.getAttribute(named("Sync"), "StalledCount")).isEqualTo(0);
    store.answers.put("figures", Map.of("state", "DEGRADED"));
    store.answers.put("sync", Map.of("stalled", List.of("a", "b"), "stores", List.of("a")));
    assertThat(server.getAttribute(named("Store,name=a"), "Degraded")).isEqualTo(true);
    assertThat(server.getAttribute(named("Sync"), "StalledCount")).isEqualTo(2);
  }

  @Test
  void theRegistryNamesEachVersionOfADriverOnce() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      Store store = store(name, new Object());
      if (!name.equals("c")) {
        store.answers.put("driver", "1.0");
      }
      report("opened", store);
    }
    assertThat((String[]) server.getAttribute(named("Registry"), "DriverVersions"))
        .containsExactly("1.0", "unknown");
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

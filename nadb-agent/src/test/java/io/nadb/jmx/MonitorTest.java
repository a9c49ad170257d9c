package io.nadb.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanRegistrationException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;

/** Which MBeans there are, what they are called, and what they tell. */
class MonitorTest extends MonitoredStores {
  private Set<String> names() throws Exception {
    return server.queryNames(new ObjectName("io.nadb:*"), null).stream()
        .map(name -> name.toString().substring("io.nadb:type=".length()))
        .collect(Collectors.toSet());
  }

  private static String attribute(String figure) {
    return figure.substring(0, 1).toUpperCase(Locale.ROOT) + figure.substring(1);
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
}

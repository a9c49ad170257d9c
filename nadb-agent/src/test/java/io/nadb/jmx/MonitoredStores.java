package io.nadb.jmx;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** Stores that a monitor knows of, in an MBean server of the test. */
abstract class MonitoredStores {
  static final long SECOND = 1_000_000_000L;

  final MBeanServer server = MBeanServerFactory.newMBeanServer();

  final List<String> warnings = new ArrayList<>();

  final List<Store> alive = new ArrayList<>();

  final Monitor monitor =
      new Monitor(
          () -> server,
          new MonitorSettings(Access.WRITE, true, Duration.ofMillis(200)),
          (what, e) -> warnings.add(what + ": " + e));

  /** A driver's side of a store, as the contract has it. */
  static final class Store implements Function<String, @Nullable Object> {
    final Map<String, Object> answers = new HashMap<>();

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

  Store store(String name, Object registry) {
    Store store = new Store(name, registry);
    alive.add(store);
    return store;
  }

  void report(String point, Object... arguments) throws Exception {
    monitor.report(point, arguments);
  }

  void flushed(Store store, long nanos, @Nullable String failure) throws Exception {
    monitor.report("flushed", new Object[] {store, "INTERVAL", 3L, 300L, nanos, failure});
  }

  static ObjectName named(String properties) throws Exception {
    return new ObjectName("io.nadb:type=" + properties);
  }

  @Nullable Object invoke(String operation) throws Exception {
    return server.invoke(named("Store,name=a"), operation, new Object[0], new String[0]);
  }
}

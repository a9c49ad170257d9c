package io.nadb.spring.session;

import io.nadb.KeyValueStore;
import io.nadb.StoreCapability;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** A store, and its namespaces, of which some methods do something else. */
final class Altered {

  private Altered() {}

  /** As one on a server is, where others write. */
  static KeyValueStore withoutRemovals(KeyValueStore store) {
    return with(
        store,
        Map.of(
            "capabilities",
            () -> Set.<StoreCapability>of(),
            "onRemoval",
            () -> {
              throw new UnsupportedOperationException("onRemoval");
            }));
  }

  /** As one on a cluster is, where two keys are on different nodes. */
  static KeyValueStore withoutTransactions(KeyValueStore store) {
    return with(
        store,
        Map.of(
            "transaction",
            () -> {
              throw new IllegalArgumentException("keys of different partitions");
            }));
  }

  private static KeyValueStore with(KeyValueStore store, Map<String, Supplier<Object>> methods) {
    return (KeyValueStore)
        Proxy.newProxyInstance(
            Altered.class.getClassLoader(),
            new Class<?>[] {KeyValueStore.class},
            (proxy, method, arguments) -> {
              Supplier<Object> other = methods.get(method.getName());
              if (other != null) {
                return other.get();
              }
              if (method.getName().equals("namespace")) {
                return with(store.namespace((String) arguments[0]), methods);
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}

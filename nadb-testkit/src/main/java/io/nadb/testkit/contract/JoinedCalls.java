package io.nadb.testkit.contract;

import io.nadb.AsyncKeyValueStore;
import io.nadb.KeyValueStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A store whose calls are made by its asynchronous view, as far as that has them, and waited for.
 */
final class JoinedCalls implements InvocationHandler {
  private final KeyValueStore store;

  private JoinedCalls(KeyValueStore store) {
    this.store = store;
  }

  /** Stands before a store. */
  static KeyValueStore before(KeyValueStore store) {
    return (KeyValueStore)
        Proxy.newProxyInstance(
            JoinedCalls.class.getClassLoader(),
            new Class<?>[] {KeyValueStore.class},
            new JoinedCalls(store));
  }

  /** The store itself. */
  static KeyValueStore behind(KeyValueStore store) {
    return Proxy.isProxyClass(store.getClass())
            && Proxy.getInvocationHandler(store) instanceof JoinedCalls joined
        ? joined.store
        : store;
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given)
      throws Throwable {
    Method asynchronous;
    try {
      asynchronous =
          AsyncKeyValueStore.class.getMethod(method.getName(), method.getParameterTypes());
    } catch (NoSuchMethodException e) {
      return invoke(method, store, given);
    }
    CompletionStage<?> stage = (CompletionStage<?>) invoke(asynchronous, store.async(), given);
    if (stage == null) {
      throw new AssertionError(asynchronous + " returned no stage");
    }
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static @Nullable Object invoke(
      Method method, Object target, @Nullable Object @Nullable [] given) throws Throwable {
    try {
      return method.invoke(target, given);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}

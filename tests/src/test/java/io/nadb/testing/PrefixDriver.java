package io.nadb.testing;

import io.nadb.KeyValueStore;
import io.nadb.spi.DriverContext;
import io.nadb.spi.NadbDriver;
import io.nadb.spi.Option;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;

/** {@code nadb:prefix:<other URL>?with=...}: puts a prefix before each key of another store. */
public final class PrefixDriver implements NadbDriver {
  private static final Option<String> WITH = Option.text("with", "p-", "The prefix.");

  @Override
  public String scheme() {
    return "prefix";
  }

  @Override
  public List<Option<?>> options() {
    return List.of(WITH);
  }

  @Override
  public boolean acceptsCommonOptions() {
    return false;
  }

  @Override
  public KeyValueStore open(DriverContext context) {
    String prefix = context.option(WITH);
    KeyValueStore store = context.registry().open("nadb:" + context.url().rawPath());
    return (KeyValueStore)
        Proxy.newProxyInstance(
            KeyValueStore.class.getClassLoader(),
            new Class<?>[] {KeyValueStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("url")) {
                return context.url().toString();
              }
              if (arguments != null && arguments[0] instanceof String key) {
                arguments[0] = prefix + key;
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}

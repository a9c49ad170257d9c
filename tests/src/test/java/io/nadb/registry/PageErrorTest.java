package io.nadb.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.internal.memory.MemoryBackend;
import io.nadb.spi.BackendView;
import io.nadb.spi.DriverContext;
import io.nadb.spi.NadbDriver;
import io.nadb.spi.Option;
import io.nadb.spi.StorageBackend;
import io.nadb.testkit.VirtualTime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The JVM makes an InternalError of a page of a map that can't be read, perhaps late. */
class PageErrorTest {
  private static final Set<String> READS =
      Set.of("value", "entry", "scan", "tagged", "eachTagged", "expired", "maintain", "close");

  private final StoreRegistry registry = StoreRegistry.create(new VirtualTime());
  private boolean broken;

  /** A backend whose pages can't be read. */
  private final class BrokenDriver implements NadbDriver {
    @Override
    public String scheme() {
      return "broken";
    }

    @Override
    public List<Option<?>> options() {
      return List.of();
    }

    @Override
    public KeyValueStore open(DriverContext context) {
      return context.openStore("x", () -> unreadable(StorageBackend.class, new MemoryBackend()));
    }
  }

  /** Has reads fail while {@link #broken} says so, those of its views too. */
  private <T> T unreadable(Class<T> type, T real) {
    return type.cast(
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (broken && READS.contains(method.getName())) {
                throw new InternalError(
                    "a fault occurred in a recent unsafe memory access operation in"
                        + " compiled Java code");
              }
              try {
                Object result = method.invoke(real, arguments);
                return result instanceof BackendView view
                    ? unreadable(BackendView.class, view)
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
            }));
  }

  @AfterEach
  void close() {
    broken = false;
    registry.close();
  }

  @Test
  void noCallLetsItOut() {
    registry.registerDriver(new BrokenDriver());
    KeyValueStore store = registry.open("nadb:broken:x?flush=off&sweep=off");
    store.set("k", new byte[1]);
    store.flush();
    store.set("buffered", new byte[1]);
    broken = true;
    List<ThrowingCallable> calls =
        List.of(
            () -> store.get("k"),
            () -> store.contains("k"),
            () -> store.metadata("k"),
            () -> store.keys(""),
            () -> store.queryByTags("t"),
            store::tags,
            () -> store.delete("k"),
            store::cleanupExpired,
            store::close);
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("store broken-x")
          .hasMessageContaining("a page of a mapped file can't be read")
          .hasMessageContaining("the disk has an error there");
    }
    assertThat(store.stats().flushCount()).isEqualTo(2);
  }
}

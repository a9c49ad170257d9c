package io.nadb.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.event.CacheEntryCreatedListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where the classes of values are looked up. */
class ClassLoadersTest {
  private static final String MEMORY = "nadb:mem:ClassLoadersTest";

  private final Managers managers = new Managers();

  @AfterEach
  void close() {
    managers.close();
  }

  record Value(int number) implements Serializable {}

  /** A loader that has the classes of the tests once more. */
  private static ClassLoader another() {
    URL tests = ClassLoadersTest.class.getProtectionDomain().getCodeSource().getLocation();
    return new URLClassLoader(new URL[] {tests}, ClassLoader.getPlatformClassLoader());
  }

  private Cache<Object, Object> cache(ClassLoader loader) {
    CacheManager manager = managers.open(MEMORY, loader, new Properties());
    return Managers.plain(manager, "c");
  }

  @Test
  void aValueIsOfTheClassThatTheManagerSees() {
    ClassLoader another = another();
    cache(getClass().getClassLoader()).put("k", new Value(1));
    Object value = Objects.requireNonNull(cache(another).get("k"));
    assertThat(value).isNotInstanceOf(Value.class).hasToString("Value[number=1]");
    assertThat(value.getClass().getClassLoader()).isSameAs(another);
  }

  @Test
  void aClassThatTheManagerDoesNotSeeIsLookedUpByTheCallingThread() {
    Cache<Object, Object> cache = cache(ClassLoader.getPlatformClassLoader());
    cache.put("k", new Value(1));
    assertThat(cache.get("k")).isEqualTo(new Value(1));
  }

  @Test
  void aClassMayBeAValue() {
    Cache<Object, Object> cache = cache(getClass().getClassLoader());
    for (Class<?> type : new Class<?>[] {int.class, void.class, String[].class, Value.class}) {
      cache.put("k", type);
      assertThat(cache.get("k")).isEqualTo(type);
    }
  }

  @Test
  void asynchronousListenersRunWithTheManagersLoader() {
    ClassLoader another = another();
    Cache<Object, Object> cache = cache(another);
    CompletableFuture<ClassLoader> ofThread = new CompletableFuture<>();
    CacheEntryCreatedListener<Object, Object> listener =
        events -> ofThread.complete(Thread.currentThread().getContextClassLoader());
    cache.registerCacheEntryListener(Managers.listening(listener, false));
    cache.put("k", 1);
    assertThat(ofThread.join()).isSameAs(another);
  }
}

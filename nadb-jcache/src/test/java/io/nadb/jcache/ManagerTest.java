package io.nadb.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.configuration.OptionalFeature;
import javax.cache.integration.CacheLoader;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Managers: their URLs, their caches' names, their MBeans. */
class ManagerTest {
  private final Managers managers = new Managers();

  @AfterEach
  void close() {
    managers.close();
  }

  private static Set<String> beans(String cache) throws Exception {
    Set<String> names = new TreeSet<>();
    for (ObjectName name :
        ManagementFactory.getPlatformMBeanServer()
            .queryNames(new ObjectName("javax.cache:Cache=" + cache + ",*"), null)) {
      names.add(name.getCanonicalName());
    }
    return names;
  }

  @Test
  void javaFindsTheProvider() {
    assertThat(Caching.getCachingProvider()).isInstanceOf(NadbCachingProvider.class);
  }

  @Test
  void theDefaultUrlIsMemoryUnlessAPropertySaysOtherwise() {
    String before = System.clearProperty("io.nadb.jcache.url");
    try {
      assertThat(managers.provider().getDefaultURI()).hasToString("nadb:mem:jcache");
      System.setProperty("io.nadb.jcache.url", "nadb:mem:ManagerTest");
      assertThat(managers.provider().getCacheManager().getURI())
          .hasToString("nadb:mem:ManagerTest");
    } finally {
      System.clearProperty("io.nadb.jcache.url");
      if (before != null) {
        System.setProperty("io.nadb.jcache.url", before);
      }
    }
  }

  @Test
  void aUriThatIsNoUrlOfNadbAndNoFileIsRefused(@TempDir Path directory) {
    for (String uri :
        List.of(directory.resolve("missing.xml").toUri().toString(), "cache", "jcache:nadb")) {
      assertThatThrownBy(() -> managers.open(uri))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("is a URL of NADB such as nadb:fs:./cache")
          .hasMessageContaining("'" + uri + "'");
    }
  }

  @Test
  void aUriMayLeadToAFileThatSaysTheUrl(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("cache.properties");
    Files.writeString(
        file, "io.nadb.jcache.url=nadb:mem:ManagerTest\nio.nadb.jcache.unreadable=error\n");
    CacheManager manager = managers.open(file.toUri().toString());
    assertThat(manager.getURI()).isEqualTo(file.toUri());
    assertThat(manager.unwrap(KeyValueStore.class).url()).isEqualTo("nadb:mem:ManagerTest");
    Managers.plain(manager, "c").put("k", 1);
    assertThat(Managers.plain(managers.open("nadb:mem:ManagerTest"), "c").get("k")).isEqualTo(1);
    assertThat(manager.getProperties()).containsEntry("io.nadb.jcache.unreadable", "error");
    manager.close();

    Properties given = new Properties();
    given.setProperty("io.nadb.jcache.url", "nadb:mem:ManagerTest-given");
    manager = managers.open(file.toUri().toString(), null, given);
    assertThat(manager.unwrap(KeyValueStore.class).url()).isEqualTo("nadb:mem:ManagerTest-given");
  }

  @Test
  void propertiesMayHaveDefaultsOfTheirOwn() {
    Properties defaults = new Properties();
    defaults.setProperty("io.nadb.jcache.unreadable", "error");
    CacheManager manager =
        managers.open("nadb:mem:ManagerTest-defaults", null, new Properties(defaults));

    assertThat(manager.getProperties()).containsEntry("io.nadb.jcache.unreadable", "error");
  }

  @Test
  void aFileWithoutAUrlIsRefused(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("cache.properties"), "a=b");
    assertThatThrownBy(() -> managers.open(file.toUri().toString()))
        .isInstanceOf(CacheException.class)
        .hasMessage(
            "the property io.nadb.jcache.url in "
                + file.toUri()
                + " is 'null'; expected a URL of NADB such as nadb:fs:./cache");
  }

  @Test
  void whatIsWrongWithAUrlIsSaidByNadb() {
    assertThatThrownBy(() -> managers.open("nadb:mem:x?bufer=1mb"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("bufer");
    assertThatThrownBy(() -> managers.open("nadb:mem:x?namespace=n"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("namespace");
    assertThatThrownBy(() -> managers.open("nadb:nowhere:x"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void theNameOfACacheHasALimit() {
    CacheManager manager = managers.open("nadb:mem:ManagerTest");
    Managers.plain(manager, "\u20ac".repeat(82) + "ab").put("k", "v");
    Managers.plain(manager, "").put("k", "v");
    assertThatThrownBy(() -> Managers.plain(manager, "\u20ac".repeat(83)))
        .isInstanceOf(CacheException.class)
        .hasMessageStartingWith("the name of a cache takes 249 bytes; at most 248 are allowed");
  }

  @Test
  void storingByReferenceIsRefused() {
    CacheManager manager = managers.open("nadb:mem:ManagerTest");
    assertThatThrownBy(
            () -> manager.createCache("c", new MutableConfiguration<>().setStoreByValue(false)))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(managers.provider().isSupported(OptionalFeature.STORE_BY_REFERENCE)).isFalse();
  }

  @Test
  void aCacheAndItsManagerGiveTheirStores() {
    CacheManager manager = managers.open("nadb:mem:ManagerTest");
    Cache<Object, Object> cache = Managers.plain(manager, "c");
    cache.put(1, "v");
    assertThat(cache.unwrap(KeyValueStore.class).keys("")).containsExactly("i:1");
    assertThat(manager.unwrap(KeyValueStore.class).keys("")).isEmpty();
    assertThat((Object) cache.unwrap(NadbCache.class)).isSameAs(cache);
    assertThatThrownBy(() -> cache.unwrap(String.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.String");
  }

  @Test
  @SuppressWarnings("unchecked") // As everybody has to, who names a class of configurations.
  void aConfigurationIsShownAndNotHandedOut() {
    Cache<Object, Object> cache = Managers.plain(managers.open("nadb:mem:ManagerTest"), "c");
    assertThat((Object) cache.getConfiguration(CompleteConfiguration.class)).isNotNull();
    assertThatThrownBy(() -> cache.getConfiguration(MutableConfiguration.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "cache 'c' shows its configuration as a"
                + " javax.cache.configuration.CompleteConfiguration, and not as a"
                + " javax.cache.configuration.MutableConfiguration");
  }

  @Test
  void whatIsClosedSaysSo() {
    CacheManager manager = managers.open("nadb:mem:ManagerTest");
    Cache<Object, Object> cache = Managers.plain(manager, "c");
    manager.close();
    assertThat(cache.isClosed()).isTrue();
    assertThatThrownBy(() -> cache.get("k"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("cache 'c' is closed");
    assertThatThrownBy(manager::getCacheNames)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the cache manager of nadb:mem:ManagerTest is closed");
  }

  @Test
  void aUrlWithOptionsHasMBeansToo() throws Exception {
    CacheManager manager = managers.open("nadb:mem:ManagerTest?buffer=1mb&flush=5s");
    manager.createCache(
        "beans",
        new MutableConfiguration<>().setStatisticsEnabled(true).setManagementEnabled(true));
    assertThat(beans("beans"))
        .containsExactly(
            "javax.cache:Cache=beans,CacheManager=nadb.mem.ManagerTest.buffer.1mb&flush.5s,"
                + "type=CacheConfiguration",
            "javax.cache:Cache=beans,CacheManager=nadb.mem.ManagerTest.buffer.1mb&flush.5s,"
                + "type=CacheStatistics");

    manager.enableManagement("beans", false);
    assertThat(beans("beans")).hasSize(1);
    manager.getCache("beans").close();
    assertThat(beans("beans")).isEmpty();
  }

  @Test
  void managersOfOneUrlHaveMBeansEach() throws Exception {
    MutableConfiguration<Object, Object> counted =
        new MutableConfiguration<>().setStatisticsEnabled(true);
    CacheManager one = managers.open("nadb:mem:ManagerTest");
    CacheManager two = managers.openAnother("nadb:mem:ManagerTest");
    one.createCache("twice", counted);
    two.createCache("twice", counted);
    assertThat(beans("twice")).hasSize(2).anyMatch(name -> name.contains("Instance=2"));

    one.close();
    assertThat(beans("twice")).hasSize(1).allMatch(name -> name.contains("Instance=2"));
  }

  @Test
  void aListenerThatCanNotBeMadeLeavesNoCache() throws Exception {
    CacheManager manager = managers.open("nadb:mem:ManagerTest");
    ClosedLoader loader = new ClosedLoader();
    MutableConfiguration<Object, Object> broken =
        new MutableConfiguration<>()
            .setCacheLoaderFactory(() -> loader)
            .setStatisticsEnabled(true)
            .addCacheEntryListenerConfiguration(
                new javax.cache.configuration.MutableCacheEntryListenerConfiguration<>(
                    () -> {
                      throw new IllegalStateException("no listener");
                    },
                    null,
                    false,
                    true));
    assertThatThrownBy(() -> manager.createCache("c", broken)).hasMessage("no listener");
    assertThat(manager.getCache("c")).isNull();
    assertThat(beans("c")).isEmpty();
    assertThat(loader.closed).isTrue();
    assertThat(Managers.plain(manager, "c")).isEmpty();
  }

  /** A loader that notes that it was closed. */
  private static final class ClosedLoader implements CacheLoader<Object, Object>, AutoCloseable {
    private boolean closed;

    @Override
    public Object load(Object key) {
      return key;
    }

    @Override
    public Map<Object, Object> loadAll(Iterable<?> keys) {
      return Map.of();
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}

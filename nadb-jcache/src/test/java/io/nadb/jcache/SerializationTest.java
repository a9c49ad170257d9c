package io.nadb.jcache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How keys and values become bytes, and what is refused. */
class SerializationTest {
  private static final String URL = "nadb:mem:SerializationTest";

  private final Managers managers = new Managers();
  private final CacheManager base = managers.open(URL);

  @AfterEach
  void close() {
    managers.close();
  }

  /** Writes texts in bytes of UTF-8. */
  public static class Texts implements CacheSerializer {

    /** For the name of the class in a property. */
    public Texts() {}

    @Override
    public String id() {
      return "utf8";
    }

    @Override
    public byte[] serialize(Object value) {
      return value.toString().getBytes(UTF_8);
    }

    @Override
    public Object deserialize(byte[] bytes, ClassLoader loader) {
      return new String(bytes, UTF_8);
    }
  }

  record Pair(Object left, Object right) implements Serializable {}

  /** A manager of its own on the same entries. */
  private CacheManager with(String property, Object value) {
    Properties properties = new Properties();
    properties.put(property, value);
    return managers.open(URL, new ClassLoader(getClass().getClassLoader()) {}, properties);
  }

  @Test
  void keysOfManyTypesComeBackAsTheyWere() {
    Cache<Object, Object> cache = Managers.plain(base, "c");
    List<Object> keys =
        List.of(
            "",
            "text",
            "s:text",
            "half \ud800",
            "\udc00",
            "\ud83d\ude00",
            1,
            1L,
            -1L,
            (short) 1,
            'c',
            true,
            1.5,
            UUID.fromString("00000000-0000-0001-0000-000000000002"),
            BigDecimal.ONE,
            List.of(1, "a"),
            new Pair("a", 1),
            Thread.State.NEW);
    keys.forEach(key -> cache.put(key, key));

    assertThat(cache).hasSize(keys.size());
    assertThat(cache).extracting(Cache.Entry::getKey).containsExactlyInAnyOrderElementsOf(keys);
    keys.forEach(key -> assertThat(cache.get(key)).isEqualTo(key));
  }

  /** Java writes one object that is met twice in another way than two equal ones. */
  @Test
  void equalKeysAreOneKeyWhateverObjectsTheyAreMadeOf() {
    Cache<Object, Object> cache = Managers.plain(base, "c");
    for (UnaryOperator<Object> copy : SerializationTest.copies()) {
      for (Object part : List.of("text", 1000, 1000L, 2.5, 'x', new BigDecimal("1.0"))) {
        Object key = new Pair(part, copy.apply(part));
        assertThat(cache.getAndPut(key, part)).isIn(null, part);
      }
    }
    assertThat(cache).hasSize(6);
  }

  @SuppressWarnings({"StringCopy", "removal", "BoxedPrimitiveConstructor", "deprecation"})
  private static List<UnaryOperator<Object>> copies() {
    return List.of(
        part -> part,
        part ->
            switch (part.getClass().getSimpleName()) {
              case "String" -> new String((String) part);
              case "Integer" -> new Integer((Integer) part);
              case "Long" -> new Long((Long) part);
              case "Double" -> new Double((Double) part);
              case "Character" -> new Character((Character) part);
              default -> new BigDecimal(part.toString());
            });
  }

  @Test
  void aValueIsACopy() {
    Cache<Object, Object> cache = Managers.plain(base, "c");
    List<Object> list = new ArrayList<>(List.of(1));
    cache.put("k", list);
    list.add(2);
    assertThat(cache.get("k")).isEqualTo(List.of(1)).isNotSameAs(cache.get("k"));
  }

  @Test
  void aKeyThatIsTooLongIsRefusedWithTheLimit() {
    Cache<Object, Object> cache = Managers.plain(base, "c");
    cache.put("\u20ac".repeat(21_844), 1);
    assertThat(cache.containsKey("\u20ac".repeat(21_844))).isTrue();
    assertThatThrownBy(() -> cache.get("\u20ac".repeat(21_845)))
        .isInstanceOf(CacheException.class)
        .hasMessage(
            "cache 'c': a key of type java.lang.String takes 65537 bytes; at most 65536 are"
                + " allowed");
  }

  @Test
  void whatCanNotBeSerializedIsRefusedAndChangesNothing() {
    Cache<Object, Object> cache = Managers.plain(base, "c");
    assertThatThrownBy(() -> cache.put("k", new Object()))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("cache 'c': a value of type java.lang.Object")
        .hasMessageContaining("NotSerializableException");
    assertThatThrownBy(() -> cache.put(new Object(), "v"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("cache 'c': a key of type java.lang.Object");
    assertThat(cache).isEmpty();
  }

  @Test
  void aSerializerOfOnesOwnIsNamedByClassOrGiven() {
    for (Object given : List.of(Texts.class.getName(), new Texts())) {
      Cache<Object, Object> cache = Managers.plain(with("io.nadb.jcache.serializer", given), "own");
      cache.put(List.of("k"), "v");
      assertThat(cache.get("k")).isNull();
      assertThat(cache.get(List.of("k"))).isEqualTo("v");
      assertThat(cache.unwrap(KeyValueStore.class).get("utf8:W2td").orElseThrow())
          .isEqualTo("\u0004utf8v".getBytes(UTF_8));
    }
  }

  @Test
  void aSerializerMayBeForOneCache() {
    CacheManager manager = with("io.nadb.jcache.serializer.texts", new Texts());
    Managers.plain(manager, "texts").put("k", 1);
    Managers.plain(manager, "others").put("k", 1);
    assertThat(manager.getCache("texts").get("k")).isEqualTo("1");
    assertThat(manager.getCache("others").get("k")).isEqualTo(1);
  }

  @Test
  void whatAnotherSerializerHasWrittenIsRefusedByBothNames() {
    Cache<Object, Object> java = Managers.plain(base, "c");
    Cache<Object, Object> texts =
        Managers.plain(with("io.nadb.jcache.serializer", new Texts()), "c");
    java.put("k", "v");
    assertThatThrownBy(() -> texts.get("k"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("written by the serializer 'java', and the cache has 'utf8'");

    java.put(List.of(1), "v");
    texts.put("k", "v");
    assertThatThrownBy(texts::removeAll)
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("written by the serializer 'java', and the cache has 'utf8'");
  }

  @Test
  void whatNoCacheHasWrittenIsRefused() {
    Cache<Object, Object> cache = Managers.plain(base, "c");
    KeyValueStore store = cache.unwrap(KeyValueStore.class);
    for (byte[] foreign : new byte[][] {{}, {0}, {-1, 1}, {5, 'j', 'a', 'v', 'a'}}) {
      store.set("s:k", foreign);
      assertThatThrownBy(() -> cache.get("k"))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("its namespace has another user");
    }
  }

  @Test
  void badPropertiesAreRefusedWithWhatIsAllowed() {
    assertThatThrownBy(() -> Managers.plain(with("io.nadb.jcache.serializer", "no.Such"), "c"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("io.nadb.jcache.serializer is 'no.Such'")
        .hasMessageContaining(CacheSerializer.class.getName());
    assertThatThrownBy(
            () -> Managers.plain(with("io.nadb.jcache.serializer", "java.lang.String"), "c"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("is 'java.lang.String'");
    assertThatThrownBy(() -> Managers.plain(with("io.nadb.jcache.filter", "maxdepth=x"), "c"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("io.nadb.jcache.filter is 'maxdepth=x'");
    Texts javas =
        new Texts() {
          @Override
          public String id() {
            return "java";
          }
        };
    assertThatThrownBy(() -> Managers.plain(with("io.nadb.jcache.serializer", javas), "c"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("but 'java' is Java's");
  }

  @Test
  void whatAFilterRefusesIsNotRead() {
    Managers.plain(base, "c").put("k", new Pair(1, 2));
    Cache<Object, Object> filtered =
        Managers.plain(with("io.nadb.jcache.filter", "java.base/*;!*"), "c");
    assertThatThrownBy(() -> filtered.get("k"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("REJECTED");
    filtered.put("k", List.of(1));
    assertThat(filtered.get("k")).isEqualTo(List.of(1));
  }

  /** An array whose elements are missing would take the memory before that shows. */
  @Test
  void anArrayThatIsLongerThanItsBytesIsNotMade() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(new byte[] {4, 'j', 'a', 'v', 'a'});
    out.writeInt(0xaced0005);
    out.write(new byte[] {0x75, 0x72});
    out.writeUTF("[J");
    out.writeLong(0x782004b512b17593L);
    out.write(new byte[] {2, 0, 0, 0x78, 0x70});
    out.writeInt(Integer.MAX_VALUE - 8);
    Cache<Object, Object> cache = Managers.plain(base, "c");
    cache.unwrap(KeyValueStore.class).set("s:k", bytes.toByteArray());
    assertThatThrownBy(() -> cache.get("k"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("REJECTED");
  }

  @Test
  void honestCollectionsPassTheLimits() {
    Cache<Object, Object> cache = Managers.plain(base, "c");
    List<Object> values =
        List.of(
            new ArrayList<>(Collections.nCopies(100_000, null)),
            new HashMap<>(Map.of(1, 2)),
            new HashSet<>(Collections.nCopies(1, "x")),
            new String[10_000].length,
            "x".repeat(100_000),
            nested(300));
    for (Object value : values) {
      cache.put("k", value);
      assertThat(cache.get("k")).isEqualTo(value);
    }
  }

  private static Object nested(int depth) {
    Object inner = "x";
    for (int i = 0; i < depth; i++) {
      inner = new Pair(inner, i);
    }
    return inner;
  }

  @Test
  void aProxyIsReadByTheManagersLoader() {
    Cache<Object, Object> cache = Managers.plain(base, "c");
    Object proxy =
        Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {Marked.class}, new Constant());
    cache.put("k", proxy);
    assertThat(((Marked) Objects.requireNonNull(cache.get("k"))).mark()).isEqualTo("marked");
  }

  interface Marked {
    String mark();
  }

  private static final class Constant implements java.lang.reflect.InvocationHandler, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
      return "marked";
    }
  }
}

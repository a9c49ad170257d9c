package io.nadb.jcache;

import io.nadb.codec.SerializationCodec;
import java.io.ObjectInputFilter;
import java.util.Properties;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a manager that mean something to NADB: {@code io.nadb.jcache.serializer},
 * {@code filter} and {@code unreadable}, and each of them followed by a dot and a cache's name.
 */
final class ManagerOptions {
  static final String PREFIX = "io.nadb.jcache.";
  private static final String SERIALIZER = PREFIX + "serializer";
  private static final String FILTER = PREFIX + "filter";
  private static final String UNREADABLE = PREFIX + "unreadable";

  private final Properties properties;
  private final ClassLoader loader;

  ManagerOptions(Properties properties, ClassLoader loader) {
    this.properties = properties;
    this.loader = loader;
  }

  /** Returns the serializer of a cache. */
  CacheSerializer serializer(String cache) {
    Object named = option(SERIALIZER, cache);
    Object filter = option(FILTER, cache);
    if (named == null) {
      SerializationCodec<Object> codec = SerializationCodec.of(Object.class, loader);
      return new JavaSerializer(filter == null ? codec : codec.withFilter(filter(filter)));
    }
    if (filter != null) {
      throw new CacheException(
          "cache '%s': the properties %s and %s exclude each other: a filter is for Java's"
                  .formatted(cache, SERIALIZER, FILTER)
              + " serialization");
    }
    CacheSerializer serializer = named instanceof CacheSerializer given ? given : create(named);
    if (!serializer.id().matches("[A-Za-z0-9-]{2,32}") || serializer.id().equals("java")) {
      throw new CacheException(
          "the serializer %s has the id '%s'; 2 to 32 letters, digits and - are allowed, but 'java'"
                  .formatted(serializer.getClass().getName(), serializer.id())
              + " is Java's");
    }
    return serializer;
  }

  /** Tells whether a value of a cache that can't be read is an error; else it is a miss. */
  boolean refusesUnreadable(String cache) {
    Object option = option(UNREADABLE, cache);
    if (option == null || option.equals("miss")) {
      return false;
    }
    if (option.equals("error")) {
      return true;
    }
    throw new CacheException(
        "the property %s is '%s'; expected miss or error".formatted(UNREADABLE, option));
  }

  private @Nullable Object option(String name, String cache) {
    Object special = properties.get(name + "." + cache);
    if (special != null) {
      return special;
    }
    Object general = properties.get(name);
    return general != null ? general : properties.getProperty(name);
  }

  private CacheSerializer create(Object type) {
    try {
      return Class.forName(type.toString(), true, loader)
          .asSubclass(CacheSerializer.class)
          .getConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new CacheException(
          "the property %s is '%s'; expected an object or the name of a class that is a %s and has a"
                  .formatted(SERIALIZER, type, CacheSerializer.class.getName())
              + " public constructor without parameters: "
              + e,
          e);
    }
  }

  private static ObjectInputFilter filter(Object option) {
    if (option instanceof ObjectInputFilter filter) {
      return filter;
    }
    try {
      ObjectInputFilter filter = ObjectInputFilter.Config.createFilter(option.toString());
      if (filter != null) {
        return filter;
      }
    } catch (IllegalArgumentException e) {
      throw refused(option, e);
    }
    throw refused(option, null);
  }

  private static CacheException refused(Object option, @Nullable Exception cause) {
    return new CacheException(
        "the property %s is '%s'; expected a pattern such as 'com.example.*;java.base/*;!*'"
            .formatted(FILTER, option),
        cause);
  }
}

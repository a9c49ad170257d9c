package io.nadb.spring.cache;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKey;

/**
 * Keys by type and content: text as it is, all else behind a control character, by which it can't
 * be taken for text.
 *
 * <pre>
 *   part   = type ' ' length ':' text  a value: its type's name, the length of its text
 *          | type '(' count part* ')'   several: a record, an array, a list, a SimpleKey
 *          | '-'                        null
 * </pre>
 */
enum TypedKeys implements CacheKeys {
  INSTANCE;

  private static final char MARK = '\u0001';

  /** Those whose text says all that {@code equals} compares. */
  private static final Set<Class<?>> VALUES =
      Set.of(
          String.class,
          Long.class,
          Integer.class,
          Short.class,
          Byte.class,
          Double.class,
          Float.class,
          Boolean.class,
          Character.class,
          BigInteger.class,
          BigDecimal.class,
          UUID.class,
          Locale.class);

  @Override
  public String convert(Object key) {
    if (key instanceof String text && !text.isEmpty() && text.charAt(0) != MARK) {
      return text;
    }
    StringBuilder out = new StringBuilder().append(MARK);
    append(out, key);
    return out.toString();
  }

  private static void append(StringBuilder out, @Nullable Object part) {
    if (part == null) {
      out.append('-');
    } else if (isValue(part.getClass())) {
      appendValue(out, part.getClass().getName(), part.toString());
    } else if (part instanceof Enum<?> constant) {
      appendValue(out, constant.getDeclaringClass().getName(), constant.name());
    } else if (part instanceof Class<?> type) {
      appendValue(out, "class", type.getName());
    } else if (part instanceof SimpleKey key) {
      appendAll(out, "SimpleKey", Arrays.asList(argumentsOf(key)));
    } else if (part instanceof Object[] array) {
      appendAll(out, array.getClass().getName(), Arrays.asList(array));
    } else if (part instanceof List<?> list) {
      appendAll(out, "List", list);
    } else if (part instanceof Record entry) {
      appendAll(out, entry.getClass().getName(), componentsOf(entry));
    } else {
      throw new IllegalArgumentException(
          "a key has a "
              + part.getClass().getName()
              + ", of which nothing says how to make text that only its equals share; give the"
              + " cache a conversion by NadbCacheSettings.withKeys, or the method a key of its own"
              + " (text, a number, a record)");
    }
  }

  private static boolean isValue(Class<?> type) {
    return VALUES.contains(type) || type.getPackageName().equals("java.time");
  }

  private static void appendValue(StringBuilder out, String type, String text) {
    out.append(type).append(' ').append(text.length()).append(':').append(text);
  }

  private static void appendAll(StringBuilder out, String type, List<?> parts) {
    out.append(type).append('(').append(parts.size()).append(' ');
    parts.forEach(part -> append(out, part));
    out.append(')');
  }

  /**
   * The arguments of the method. SimpleKey keeps them to itself; its text is no key, as it is the
   * same for ("a,b", "c") and ("a", "b,c").
   */
  private static Object[] argumentsOf(SimpleKey key) {
    try {
      Field arguments = SimpleKey.class.getDeclaredField("params");
      arguments.setAccessible(true);
      return (Object[]) arguments.get(key);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalStateException(
          "the arguments in a SimpleKey can't be read in this version of Spring; give the cache a"
              + " conversion by NadbCacheSettings.withKeys",
          e);
    }
  }

  private static List<?> componentsOf(Record entry) {
    try {
      RecordComponent[] components = entry.getClass().getRecordComponents();
      Object[] values = new Object[components.length];
      for (int i = 0; i < components.length; i++) {
        Method accessor = components[i].getAccessor();
        accessor.setAccessible(true);
        values[i] = accessor.invoke(entry);
      }
      return Arrays.asList(values);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalArgumentException(
          "the components of a key, a record "
              + entry.getClass().getName()
              + ", can't be read; open its package, or give the cache a conversion by"
              + " NadbCacheSettings.withKeys",
          e);
    }
  }
}

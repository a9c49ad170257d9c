package io.nadb.junit;

import io.nadb.KeyValueStore;
import io.nadb.testkit.Faults;
import io.nadb.testkit.Ledger;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.VirtualTime;
import java.lang.reflect.AnnotatedElement;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A place that wants a store, or what belongs to one.
 *
 * @param key what tells it from other places of the same test
 * @param annotation what it says
 * @param type what it wants
 */
record Declaration(Object key, NadbStore annotation, Class<?> type) {
  private static final Map<Class<?>, Function<NadbHarness, Object>> PARTS =
      Map.of(
          VirtualTime.class, NadbHarness::time,
          Faults.class, NadbHarness::faults,
          Ledger.class, NadbHarness::ledger,
          NadbHarness.class, harness -> harness);

  static Declaration of(Object key, AnnotatedElement place, Class<?> type) {
    if (type != KeyValueStore.class && !isPart(type)) {
      throw new ExtensionConfigurationException(
          "@NadbStore on ["
              + place
              + "]: the type ["
              + type.getName()
              + "] can't be injected; it must be KeyValueStore, VirtualTime, Faults, NadbHarness or"
              + " Ledger");
    }
    NadbStore annotation = find(place).orElseThrow();
    return new Declaration(annotation.name().isEmpty() ? key : annotation.name(), annotation, type);
  }

  static Optional<NadbStore> find(AnnotatedElement place) {
    return AnnotationSupport.findAnnotation(place, NadbStore.class);
  }

  /** Whether it is a part of a harness, rather than a store. */
  static boolean isPart(Class<?> type) {
    return PARTS.containsKey(type);
  }

  static boolean isPartOf(Object value, NadbHarness harness) {
    return PARTS.values().stream().anyMatch(part -> part.apply(harness) == value);
  }

  static Object part(Class<?> type, NadbHarness harness) {
    Function<NadbHarness, Object> part = PARTS.get(type);
    if (part == null) {
      throw new IllegalArgumentException(type.getName());
    }
    return part.apply(harness);
  }
}

package io.nadb;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.spi.BackendStats;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Types that later versions add to: nobody's code may depend on how many parts they have, as it
 * would on a constructor's parameters or a record's pattern.
 */
class GrowingTypesTest {
  /** What follows from other parts. */
  private static final Set<String> DERIVED = Set.of("gets", "garbageBytes");

  private static List<Method> accessors(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(
            method ->
                Modifier.isPublic(method.getModifiers())
                    && !Modifier.isStatic(method.getModifiers())
                    && method.getParameterCount() == 0
                    && !Set.of("asMap", "hashCode", "toString").contains(method.getName()))
        .toList();
  }

  private static Object builder(Class<?> type) throws ReflectiveOperationException {
    return type.getMethod("builder").invoke(null);
  }

  private static Object build(Object builder) throws ReflectiveOperationException {
    return builder.getClass().getMethod("build").invoke(builder);
  }

  /** A value that no default is. */
  private static Object other(Method accessor) {
    Class<?> type = accessor.getReturnType();
    String generic = accessor.getGenericReturnType().getTypeName();
    if (type == long.class) {
      return 7L;
    } else if (type == boolean.class) {
      return true;
    } else if (type == String.class) {
      return "text";
    } else if (type == List.class) {
      return List.of("text");
    } else if (type == Duration.class) {
      return Duration.ofMillis(7);
    } else if (type == StoreState.class) {
      return StoreState.DEGRADED;
    } else if (generic.contains("FlushCause")) {
      return Optional.of(FlushCause.SIZE);
    } else if (generic.contains("Instant")) {
      return Optional.of(Instant.EPOCH);
    }
    return Optional.of("text");
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        StoreStats.class,
        NamespaceStats.class,
        SyncStatus.class,
        BackendStats.class,
        OptionDescription.class
      })
  void everyPartIsSetByItsNameAndTellsTwoApart(Class<?> type) throws ReflectiveOperationException {
    assertThat(type.getConstructors()).isEmpty();
    assertThat(Modifier.isFinal(type.getModifiers()) && !type.isRecord()).isTrue();
    assertThat(build(builder(type))).isEqualTo(build(builder(type)));

    for (Method accessor : accessors(type)) {
      if (DERIVED.contains(accessor.getName())) {
        continue;
      }
      Object builder = builder(type);
      Object before = build(builder);
      Object value = other(accessor);
      builder
          .getClass()
          .getMethod(accessor.getName(), accessor.getReturnType())
          .invoke(builder, value);
      Object after = build(builder);

      assertThat(accessor.invoke(after)).as(accessor.getName()).isEqualTo(value);
      assertThat(after).as(accessor.getName()).isNotEqualTo(before);
      assertThat(after.toString()).contains(accessor.getName() + "=" + value);
      assertThat(build(builder)).isEqualTo(after).hasSameHashCodeAs(after);
      for (Method each : accessors(type)) {
        if (!each.equals(accessor) && !DERIVED.contains(each.getName())) {
          assertThat(each.invoke(after)).as(each.getName()).isEqualTo(each.invoke(before));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      classes = {StoreStats.class, NamespaceStats.class, SyncStatus.class, OptionDescription.class})
  void theMapHasEveryPartUnderItsName(Class<?> type) throws ReflectiveOperationException {
    Object empty = build(builder(type));

    Map<?, ?> map = (Map<?, ?>) type.getMethod("asMap").invoke(empty);
    assertThat(map)
        .hasSameSizeAs(
            accessors(type).stream()
                .map(Method::getName)
                .filter(name -> !name.equals("garbageBytes"))
                .collect(Collectors.toSet()));
    for (Map.Entry<?, ?> each : map.entrySet()) {
      assertThat(type.getMethod((String) each.getKey()).invoke(empty)).isEqualTo(each.getValue());
    }
  }
}

package io.nadb.junit;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/** The fields that want a store. */
final class Fields {
  private static final String PARALLEL = "junit.jupiter.execution.parallel.enabled";
  private static final Predicate<Field> STATIC = field -> Modifier.isStatic(field.getModifiers());

  private Fields() {}

  static void injectStatic(ExtensionContext context) {
    Class<?> type = context.getRequiredTestClass();
    for (Field field : find(type, STATIC)) {
      if (field.getDeclaringClass() != type && isConcurrent(context)) {
        throw new ExtensionConfigurationException(
            "@NadbStore on ["
                + field
                + "]: subclasses that run in parallel would overwrite each other's value in this"
                + " static field; declare it in the subclass ["
                + type.getName()
                + "], use a parameter, or run the classes in the same thread");
      }
      inject(field, null, context);
    }
  }

  static void injectInstance(ExtensionContext context) {
    for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
      for (Field field : find(instance.getClass(), STATIC.negate())) {
        if (isConcurrent(context) && isShared(context)) {
          throw new ExtensionConfigurationException(
              "@NadbStore on ["
                  + field
                  + "]: tests that run in parallel on one instance (PER_CLASS) would overwrite each"
                  + " other's value in this field; use a parameter of the test instead");
        }
        inject(field, instance, context);
      }
    }
  }

  /** The groups of a test's instance fields; none outside of a test. */
  static Set<String> instanceGroups(ExtensionContext context) {
    Set<String> groups = new TreeSet<>();
    if (context.getTestMethod().isPresent()) {
      for (Class<?> type = context.getRequiredTestClass();
          type != null;
          type = type.getEnclosingClass()) {
        for (Field field : find(type, STATIC.negate())) {
          Declaration.find(field).ifPresent(annotation -> groups.add(annotation.group()));
        }
      }
    }
    return groups;
  }

  private static List<Field> find(Class<?> type, Predicate<Field> wanted) {
    return AnnotationSupport.findAnnotatedFields(
        type, NadbStore.class, wanted, HierarchyTraversalMode.TOP_DOWN);
  }

  private static boolean isConcurrent(ExtensionContext context) {
    return context.getExecutionMode() == ExecutionMode.CONCURRENT
        && context.getConfigurationParameter(PARALLEL).filter("true"::equals).isPresent();
  }

  private static boolean isShared(ExtensionContext context) {
    return context
        .getTestInstanceLifecycle()
        .filter(TestInstance.Lifecycle.PER_CLASS::equals)
        .isPresent();
  }

  private static void inject(Field field, @Nullable Object instance, ExtensionContext context) {
    if (Modifier.isFinal(field.getModifiers())) {
      checkFinal(field, instance, context);
      return;
    }
    Object value = Scope.of(context).resolve(Declaration.of(field, field, field.getType()));
    try {
      field.setAccessible(true);
      field.set(instance, value);
    } catch (IllegalAccessException e) {
      throw new ExtensionConfigurationException("can't set [" + field + "]", e);
    }
  }

  /**
   * A field that the constructor has set to what it was given itself for a parameter with the
   * annotation: the component of a record, or a property in Kotlin's constructor.
   */
  private static void checkFinal(Field field, @Nullable Object instance, ExtensionContext context) {
    Object value = valueOf(field, instance);
    ExtensionContext at = context;
    while (value != null && at != null) {
      Scope scope = Scope.find(at);
      if (scope != null && scope.gave(value)) {
        return;
      }
      at = at.getParent().orElse(null);
    }
    throw new ExtensionConfigurationException(
        "@NadbStore on ["
            + field
            + "]: the field must not be final, unless the constructor has a parameter with"
            + " @NadbStore and sets it to what it gets for that");
  }

  private static @Nullable Object valueOf(Field field, @Nullable Object instance) {
    try {
      field.setAccessible(true);
      return field.get(instance);
    } catch (IllegalAccessException e) {
      throw new ExtensionConfigurationException("can't read [" + field + "]", e);
    }
  }
}

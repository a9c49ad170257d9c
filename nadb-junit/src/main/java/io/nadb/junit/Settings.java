package io.nadb.junit;

import io.nadb.testkit.HarnessSettings;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/**
 * What a test's harnesses are to be like: what an extension says that a class has registered in a
 * field, or else the defaults, and the configuration parameters over both.
 */
final class Settings {
  private static final String URL = "nadb.test.url";

  private Settings() {}

  static HarnessSettings of(ExtensionContext context) {
    HarnessSettings settings =
        registered(context).map(NadbExtension::settings).orElse(HarnessSettings.DEFAULT);
    if (settings.url().equals(HarnessSettings.DEFAULT.url())) {
      settings = context.getConfigurationParameter(URL).map(settings::withUrl).orElse(settings);
    }
    return settings;
  }

  /**
   * The extension in a field of the test's class, or else of an enclosing one; empty if there is
   * none, or none yet because the test's instance is only being made.
   */
  static Optional<NadbExtension> registered(ExtensionContext context) {
    for (Class<?> type = context.getRequiredTestClass();
        type != null;
        type = type.getEnclosingClass()) {
      List<Field> fields =
          AnnotationSupport.findAnnotatedFields(
              type,
              RegisterExtension.class,
              field -> field.getType() == NadbExtension.class,
              HierarchyTraversalMode.TOP_DOWN);
      if (fields.size() > 1) {
        throw new ExtensionConfigurationException(
            type.getName() + " registers more than one NadbExtension: " + fields);
      }
      if (!fields.isEmpty()) {
        return valueOf(fields.get(0), context);
      }
    }
    return Optional.empty();
  }

  private static Optional<NadbExtension> valueOf(Field field, ExtensionContext context) {
    List<Object> owners = new ArrayList<>();
    if (Modifier.isStatic(field.getModifiers())) {
      owners.add(field); // Not looked at, but not null.
    } else {
      context.getTestInstances().ifPresent(all -> owners.addAll(all.getAllInstances()));
      owners.removeIf(owner -> !field.getDeclaringClass().isInstance(owner));
    }
    try {
      field.setAccessible(true);
      return owners.isEmpty()
          ? Optional.empty()
          : Optional.ofNullable((NadbExtension) field.get(owners.get(0)));
    } catch (IllegalAccessException e) {
      throw new ExtensionConfigurationException("can't read [" + field + "]", e);
    }
  }
}

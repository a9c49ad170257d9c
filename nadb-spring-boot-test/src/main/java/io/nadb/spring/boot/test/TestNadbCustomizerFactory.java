package io.nadb.spring.boot.test;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Finds the annotation on a test class, or on a class around it. */
final class TestNadbCustomizerFactory implements ContextCustomizerFactory {

  @Override
  public @Nullable ContextCustomizer createContextCustomizer(
      Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
    AutoConfigureTestNadb found = find(testClass);
    return found == null ? null : new TestNadbCustomizer(found.url(), Set.of(found.lenient()));
  }

  static @Nullable AutoConfigureTestNadb find(Class<?> testClass) {
    return TestContextAnnotationUtils.findMergedAnnotation(testClass, AutoConfigureTestNadb.class);
  }
}

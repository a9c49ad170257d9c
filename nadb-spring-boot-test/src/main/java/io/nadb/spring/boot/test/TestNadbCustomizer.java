package io.nadb.spring.boot.test;

import io.nadb.StoreRegistry;
import io.nadb.testkit.Check;
import io.nadb.testkit.HarnessSettings;
import io.nadb.testkit.NadbHarness;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Gives a context a harness of its own. A record, since Spring finds a context that it has cached
 * by customizers that are equal.
 */
record TestNadbCustomizer(String url, Set<Check> lenient) implements ContextCustomizer {
  static final String HARNESS = "nadbHarness";
  private static final String REGISTRY = "nadbStoreRegistry";

  @Override
  public void customizeContext(
      ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
    if (!url.isEmpty()) {
      context
          .getEnvironment()
          .getPropertySources()
          .addFirst(new MapPropertySource("@AutoConfigureTestNadb", Map.of("nadb.url", url)));
    }
    NadbHarness harness =
        NadbHarness.create(HarnessSettings.DEFAULT.without(lenient.toArray(new Check[0])));
    DefaultListableBeanFactory beans =
        (DefaultListableBeanFactory) context.getBeanFactory(); // As all of Spring's own have.
    // The first to be registered is the last to be closed: after all that has stores open.
    beans.registerDisposableBean(HARNESS, harness::close);
    beans.registerSingleton(HARNESS, harness);
    beans.registerSingleton("nadbTime", harness.time());
    beans.registerSingleton("nadbFaults", harness.faults());
    beans.registerSingleton("nadbLedger", harness.ledger());
    register(beans, () -> new HarnessRegistry(harness));
  }

  /** Primary, in case the application has a registry of its own. */
  private static void register(BeanDefinitionRegistry beans, Supplier<StoreRegistry> registry) {
    RootBeanDefinition definition = new RootBeanDefinition(StoreRegistry.class, registry);
    definition.setPrimary(true);
    beans.registerBeanDefinition(REGISTRY, definition);
  }
}

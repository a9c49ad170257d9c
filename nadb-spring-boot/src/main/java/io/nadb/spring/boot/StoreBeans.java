package io.nadb.spring.boot;

import io.nadb.KeyValueStore;
import io.nadb.OptionDescription;
import io.nadb.StoreRegistry;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/** Registers the stores that the properties name, of which there may be any number. */
final class StoreBeans implements ImportBeanDefinitionRegistrar {
  static final String DEFAULT = "nadbStore";
  private static final String SUFFIX = "NadbStore";
  private static final String SHUTDOWN = "shutdown";

  private final Environment environment;
  private final BeanFactory beans;

  StoreBeans(Environment environment, BeanFactory beans) {
    this.environment = environment;
    this.beans = beans;
  }

  @Override
  public void registerBeanDefinitions(
      AnnotationMetadata annotated, BeanDefinitionRegistry definitions) {
    NadbProperties properties = Binder.get(environment).bindOrCreate("nadb", NadbProperties.class);
    String url = properties.url();
    if (url != null && !hasStore()) {
      register(definitions, DEFAULT, url, properties.options(), !properties.stores().isEmpty());
    }
    properties
        .stores()
        .forEach(
            (name, store) ->
                register(definitions, name + SUFFIX, store.url(), store.options(), false));
  }

  /** Whether the application has one of its own; asked without making any bean. */
  private boolean hasStore() {
    return beans instanceof ListableBeanFactory list
        && list.getBeanNamesForType(KeyValueStore.class, true, false).length > 0;
  }

  private void register(
      BeanDefinitionRegistry definitions,
      String name,
      String url,
      Map<String, String> options,
      boolean primary) {
    RootBeanDefinition definition =
        new RootBeanDefinition(KeyValueStore.class, () -> open(url, options));
    definition.setDestroyMethodName("close");
    definition.setPrimary(primary);
    definitions.registerBeanDefinition(name, definition);
  }

  private KeyValueStore open(String url, Map<String, String> options) {
    StoreRegistry registry = beans.getBean(StoreRegistry.class);
    Map<String, String> all = new LinkedHashMap<>(options);
    // The context closes the store, when nobody uses it any more; NADB's hook would not wait.
    if (takesShutdown(registry, url) && !namesShutdown(url, options)) {
      all.put(SHUTDOWN, "off");
    }
    return registry.open(url, all);
  }

  private static boolean takesShutdown(StoreRegistry registry, String url) {
    return registry.describe(url).stream().map(OptionDescription::name).anyMatch(SHUTDOWN::equals);
  }

  private static boolean namesShutdown(String url, Map<String, String> options) {
    return url.toLowerCase(Locale.ROOT).matches(".*[?&]shutdown=.*")
        || options.keySet().stream().anyMatch(SHUTDOWN::equalsIgnoreCase);
  }
}

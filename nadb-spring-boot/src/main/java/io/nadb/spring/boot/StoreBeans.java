package io.nadb.spring.boot;

import io.nadb.KeyValueStore;
import io.nadb.OptionDescription;
import io.nadb.StoreRegistry;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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
    if ((url != null || has(NadbConnectionDetails.class)) && !has(KeyValueStore.class)) {
      register(
          definitions,
          DEFAULT,
          () -> found(url),
          properties.options(),
          !properties.stores().isEmpty());
    }
    properties
        .stores()
        .forEach(
            (name, store) ->
                register(definitions, name + SUFFIX, store::url, store.options(), false));
  }

  /** Whether there is one already; asked without making any bean. */
  private boolean has(Class<?> type) {
    return beans instanceof ListableBeanFactory list
        && list.getBeanNamesForType(type, true, false).length > 0;
  }

  /** Where a container is, if there is one, with the options of the URL in the properties. */
  private String found(@Nullable String url) {
    NadbConnectionDetails details =
        beans.getBeanProvider(NadbConnectionDetails.class).getIfAvailable();
    if (details == null) {
      return Objects.requireNonNull(url, "url");
    }
    String place = details.url();
    return url != null && url.contains("?") && schemeOf(url).equals(schemeOf(place))
        ? place + url.substring(url.indexOf('?'))
        : place;
  }

  private static String schemeOf(String url) {
    String[] parts = url.split(":", 3);
    return parts.length < 2 ? "" : parts[1].toLowerCase(Locale.ROOT);
  }

  private void register(
      BeanDefinitionRegistry definitions,
      String name,
      Supplier<String> url,
      Map<String, String> options,
      boolean primary) {
    RootBeanDefinition definition =
        new RootBeanDefinition(KeyValueStore.class, () -> open(url.get(), options));
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

package io.nadb.spring.boot;

import io.nadb.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers the stores that the properties name, of which there may be any number. Definitions name
 * the {@link StoreOpener} and its argument, and are no code, so that Spring can write them down
 * when it builds an application ahead of time.
 */
final class StoreBeans implements ImportBeanDefinitionRegistrar {
  private static final String DEFAULT = "nadbStore";
  private static final String SUFFIX = "NadbStore";

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
    if ((properties.url() != null || has(NadbConnectionDetails.class))
        && !has(KeyValueStore.class)) {
      definitions.registerBeanDefinition(
          DEFAULT, definition("open", null, !properties.stores().isEmpty()));
    }
    properties
        .stores()
        .keySet()
        .forEach(
            name ->
                definitions.registerBeanDefinition(
                    name + SUFFIX, definition("openFurther", name, false)));
  }

  /** Whether there is one already; asked without making any bean. */
  private boolean has(Class<?> type) {
    return beans instanceof ListableBeanFactory list
        && list.getBeanNamesForType(type, true, false).length > 0;
  }

  private static RootBeanDefinition definition(
      String method, @Nullable String argument, boolean primary) {
    RootBeanDefinition definition = new RootBeanDefinition(KeyValueStore.class);
    definition.setFactoryBeanName(StoreOpener.BEAN);
    definition.setFactoryMethodName(method);
    if (argument != null) {
      definition.getConstructorArgumentValues().addIndexedArgumentValue(0, argument);
    }
    definition.setDestroyMethodName("close");
    definition.setPrimary(primary);
    return definition;
  }
}

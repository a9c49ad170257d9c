package io.nadb.spring.boot;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Stores as beans: {@code nadbStore} of the property {@code nadb.url} or of a container ({@link
 * NadbConnectionDetails}), unless there is a {@link KeyValueStore} already, and one for each {@code
 * nadb.stores.<name>.url}.
 *
 * <p>They are closed with the application context, after the web server has answered its last
 * request, and not by NADB's own hook at the end of the JVM, which would run beside that.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnClass(KeyValueStore.class)
@EnableConfigurationProperties(NadbProperties.class)
@Import(StoreBeans.class)
public class NadbAutoConfiguration {

  /** Creates the auto-configuration. */
  public NadbAutoConfiguration() {}

  /** A registry of this context's own, so that two contexts in one JVM share no thread. */
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  StoreRegistry nadbStoreRegistry() {
    return StoreRegistry.create();
  }

  /** Opens the stores; a bean, so that each is made by a method that can be named. */
  @Bean(StoreOpener.BEAN)
  StoreOpener nadbStoreOpener(
      StoreRegistry registry,
      NadbProperties properties,
      ObjectProvider<NadbConnectionDetails> containers,
      @Value("${spring.main.register-shutdown-hook:true}") boolean closedAtExit) {
    return new StoreOpener(registry, properties, containers, closedAtExit);
  }
}

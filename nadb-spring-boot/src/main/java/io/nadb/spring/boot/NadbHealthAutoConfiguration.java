package io.nadb.spring.boot;

import io.nadb.KeyValueStore;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Health of the stores, as {@code nadb} in Boot's health endpoint, unless {@code
 * management.health.nadb.enabled=false}, or {@code management.health.defaults.enabled=false} and
 * that is not set.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = NadbAutoConfiguration.class)
@ConditionalOnBean(KeyValueStore.class)
@Conditional(NadbHealthAutoConfiguration.Enabled.class)
public class NadbHealthAutoConfiguration {

  /** Creates the auto-configuration. */
  public NadbHealthAutoConfiguration() {}

  /** What Boot's own condition says, which has another place in Boot 3 than in Boot 4. */
  static final class Enabled implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata annotated) {
      Environment environment = context.getEnvironment();
      boolean byDefault =
          environment.getProperty("management.health.defaults.enabled", Boolean.class, true);
      return environment.getProperty("management.health.nadb.enabled", Boolean.class, byDefault);
    }
  }

  /** What Boot 3 asks. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.actuate.health.HealthIndicator")
  static class Boot3 {
    @Bean
    @ConditionalOnMissingBean(name = "nadbHealthIndicator")
    StoreHealth3 nadbHealthIndicator(Map<String, KeyValueStore> stores) {
      return new StoreHealth3(stores);
    }
  }

  /** What Boot 4 asks, which has moved it. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
  static class Boot4 {
    @Bean
    @ConditionalOnMissingBean(name = "nadbHealthIndicator")
    StoreHealth4 nadbHealthIndicator(Map<String, KeyValueStore> stores) {
      return new StoreHealth4(stores);
    }
  }
}

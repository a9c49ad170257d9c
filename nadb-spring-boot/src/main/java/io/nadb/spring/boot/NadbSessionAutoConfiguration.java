package io.nadb.spring.boot;

import io.nadb.KeyValueStore;
import io.nadb.codec.SerializationCodec;
import io.nadb.spring.session.NadbIndexedSessionRepository;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.session.MapSession;
import org.springframework.session.SessionRepository;
import org.springframework.session.config.annotation.web.http.SpringHttpSessionConfiguration;

/**
 * Spring Session on the store, in a web application that has Spring Session and no other repository
 * of sessions. The timeout is that of Boot: {@code spring.session.timeout}, else {@code
 * server.servlet.session.timeout}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
    after = NadbAutoConfiguration.class,
    beforeName = {
      "org.springframework.boot.autoconfigure.session.SessionAutoConfiguration",
      "org.springframework.boot.session.autoconfigure.SessionAutoConfiguration"
    })
@ConditionalOnClass(SpringHttpSessionConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnSingleCandidate(KeyValueStore.class)
@ConditionalOnMissingBean(SessionRepository.class)
@Import(SpringHttpSessionConfiguration.class)
public class NadbSessionAutoConfiguration {

  /** Creates the auto-configuration. */
  public NadbSessionAutoConfiguration() {}

  @Bean
  NadbIndexedSessionRepository sessionRepository(
      KeyValueStore store, NadbProperties properties, ApplicationContext context) {
    NadbIndexedSessionRepository.Builder builder =
        NadbIndexedSessionRepository.builder(store)
            .namespace(properties.session().namespace())
            .maxInactiveInterval(timeout(context.getEnvironment()))
            .events(context);
    ClassLoader loader = context.getClassLoader();
    if (loader != null) {
      builder.attributes(SerializationCodec.of(Object.class, loader));
    }
    return builder.build();
  }

  private static Duration timeout(Environment environment) {
    for (String name : List.of("spring.session.timeout", "server.servlet.session.timeout")) {
      String timeout = environment.getProperty(name);
      if (timeout != null) {
        // As Boot's own: a number without a unit is of seconds.
        return DurationStyle.detectAndParse(timeout, ChronoUnit.SECONDS);
      }
    }
    return MapSession.DEFAULT_MAX_INACTIVE_INTERVAL;
  }
}

package io.nadb.spring.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.InputStreamSource;
import org.springframework.javapoet.ClassName;

/** An application that Spring builds ahead of time, as for a native image: its beans as code. */
class AheadOfTimeTest {

  @Configuration
  @EnableCaching
  static class Application {}

  @Test
  void storesAndCachesCanBeWrittenDownAsCode() throws IOException {
    InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
    try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
      context
          .getEnvironment()
          .getPropertySources()
          .addFirst(
              new MapPropertySource(
                  "test",
                  Map.of(
                      "nadb.url", "nadb:mem:app",
                      "nadb.stores.logs.url", "nadb:mem:logs")));
      context.register(
          Application.class,
          NadbAutoConfiguration.class,
          NadbCacheAutoConfiguration.class,
          NadbCacheTagsAutoConfiguration.class);

      DefaultGenerationContext generation =
          new DefaultGenerationContext(
              new ClassNameGenerator(ClassName.get(Application.class)), files);
      new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
      generation.writeGeneratedContent();
    }

    StringBuilder code = new StringBuilder();
    for (InputStreamSource file : files.getGeneratedFiles(Kind.SOURCE).values()) {
      code.append(new String(file.getInputStream().readAllBytes(), UTF_8));
    }
    assertThat(code)
        .contains("getBean(\"nadbStoreOpener\", StoreOpener.class).open()")
        .contains("\"logs\"")
        .contains("\"cacheManager\"");
  }
}

package io.nadb.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;

/** A JVM that has a filter for what is deserialized. */
class JvmFilterIT {

  /** Says what it could read. */
  static final class Child {

    private Child() {}

    public static void main(String[] arguments) {
      Properties properties = new Properties();
      properties.setProperty("io.nadb.jcache.filter.filtered", "java.base/*;!*");
      try (Managers managers = new Managers()) {
        for (String name : List.of("plain", "filtered")) {
          Cache<Object, Object> cache =
              Managers.plain(managers.open("nadb:mem:JvmFilterIT", null, properties), name);
          cache.put("text", "text");
          cache.put("list", new ArrayList<>(List.of(1)));
          System.out.println(name + " " + cache.get("text") + " " + read(cache));
        }
      }
    }

    private static String read(Cache<Object, Object> cache) {
      try {
        return String.valueOf(cache.get("list"));
      } catch (CacheException e) {
        return "refused";
      }
    }
  }

  @Test
  void itsFilterHoldsBesideThatOfACache() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.serialFilter=!java.util.ArrayList",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Child.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(said.lines()).containsExactly("plain text refused", "filtered text refused");
  }
}

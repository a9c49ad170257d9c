package io.nadb.testkit.redis;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is looked for.
 *
 * @param properties system properties by their names, null where there is none
 * @param path the directories of executables, as the environment variable PATH has them
 * @param classes where libraries that carry a server are looked for
 */
record Surroundings(UnaryOperator<@Nullable String> properties, String path, ClassLoader classes) {

  /** Those of this process. */
  static Surroundings real() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    String path = System.getenv("PATH");
    return new Surroundings(
        System::getProperty,
        path == null ? "" : path,
        context != null ? context : ClassLoader.getSystemClassLoader());
  }

  @Nullable String property(String name) {
    return properties.apply(name);
  }
}

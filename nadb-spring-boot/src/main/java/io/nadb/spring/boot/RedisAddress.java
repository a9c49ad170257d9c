package io.nadb.spring.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a Redis server in a container, with the password that the container was given: by the
 * argument {@code --requirepass}, in its command or in {@code REDIS_ARGS}, as redis-stack takes it,
 * or by {@code REDIS_PASSWORD}.
 */
final class RedisAddress {
  private static final String ARGUMENT = "--requirepass";

  private RedisAddress() {}

  /**
   * Returns the URL.
   *
   * @param command what the container runs, each argument by itself
   */
  static String of(String host, int port, Map<String, String> environment, List<String> command) {
    String password = password(environment, command);
    String userinfo =
        password == null || password.isEmpty()
            ? ""
            : ":" + URLEncoder.encode(password, UTF_8).replace("+", "%20") + "@";
    return "nadb:redis://" + userinfo + host + ":" + port;
  }

  private static @Nullable String password(Map<String, String> environment, List<String> command) {
    String ofCommand = argument(command);
    if (ofCommand != null) {
      return ofCommand;
    }
    String arguments = environment.getOrDefault("REDIS_ARGS", "");
    String ofArguments = argument(List.of(arguments.trim().split("\\s+")));
    return ofArguments != null ? ofArguments : environment.get("REDIS_PASSWORD");
  }

  private static @Nullable String argument(List<String> arguments) {
    int name = arguments.indexOf(ARGUMENT);
    return name < 0 || name + 1 == arguments.size() ? null : arguments.get(name + 1);
  }
}

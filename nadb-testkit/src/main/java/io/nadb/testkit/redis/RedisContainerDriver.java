package io.nadb.testkit.redis;

import io.nadb.Driver;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.NadbUrlException;
import io.nadb.OptionDescription;
import io.nadb.StoreRegistry;
import io.nadb.spi.DriverContext;
import io.nadb.spi.NadbDriver;
import io.nadb.spi.Option;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code nadb:tc:redis:<tag>[?options]}: opens a store on a Redis server in a container, which it
 * starts if need be.
 *
 * <p>{@code nadb:tc:redis:7.0?namespace=cart} starts the image {@code redis:7.0} by Testcontainers
 * and opens {@code nadb:redis://<host>:<port>?namespace=cart}. There is one container for each tag
 * in a JVM: it goes on when stores are closed, so that they can be opened again, and ends with the
 * JVM. Tests that are not to see each other's entries therefore have a {@code db} or a {@code
 * namespace} each.
 *
 * <p>Needs Testcontainers, 2.x or 1.21, on the class path, and Docker.
 *
 * @since 0.1.0
 */
public final class RedisContainerDriver implements NadbDriver {
  private static final String BEHIND = "redis";
  private static final Pattern IMAGE = Pattern.compile("redis:([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})");

  /** For the service loader. */
  public RedisContainerDriver() {}

  @Override
  public String scheme() {
    return "tc";
  }

  /** The options of the Redis driver, to be passed on as they are written: it checks them. */
  @Override
  public List<Option<?>> options() {
    return new ArrayList<>(passedOn().values());
  }

  @Override
  public boolean acceptsCommonOptions() {
    return false;
  }

  private static Map<String, Option<Optional<String>>> passedOn() {
    Map<String, Option<Optional<String>>> options = new LinkedHashMap<>();
    try (StoreRegistry registry = StoreRegistry.create()) {
      for (Driver driver : registry.drivers()) {
        if (driver.scheme().equals(BEHIND)) {
          for (OptionDescription option : registry.describe("nadb:" + BEHIND + "://localhost")) {
            options.put(option.name(), Option.optionalText(option.name(), option.description()));
          }
        }
      }
    }
    return options;
  }

  @Override
  public KeyValueStore open(DriverContext context) {
    Matcher image = IMAGE.matcher(context.url().path());
    if (!context.url().endpoints().isEmpty() || !image.matches()) {
      throw new NadbUrlException(
          "No image of Redis after nadb:tc: in "
              + context.url()
              + "\nWrite nadb:tc:redis:<tag>, for example nadb:tc:redis:7.0");
    }
    List<String> given = new ArrayList<>();
    passedOn()
        .forEach(
            (name, option) ->
                context
                    .option(option)
                    .ifPresent(text -> given.add(name + "=" + UrlText.encodeOption(text))));
    String server = start(context.url().path());
    // In the URL, so that the store's own URL leads to the same place.
    return context
        .registry()
        .open(given.isEmpty() ? server : server + "?" + String.join("&", given));
  }

  private static String start(String image) {
    try {
      return RunningContainers.url(image);
    } catch (NoClassDefFoundError e) {
      throw new NadbException(
          "nadb:tc: needs the library org.testcontainers:testcontainers, 2.x or 1.21, on the class"
              + " path, which lacks "
              + e.getMessage(),
          e);
    }
  }
}

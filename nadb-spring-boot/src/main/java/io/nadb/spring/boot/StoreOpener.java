package io.nadb.spring.boot;

import io.nadb.KeyValueStore;
import io.nadb.OptionDescription;
import io.nadb.StoreRegistry;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** Opens the stores of the properties, for a context that closes them. */
final class StoreOpener {
  static final String BEAN = "nadbStoreOpener";
  private static final String SHUTDOWN = "shutdown";

  private final StoreRegistry registry;
  private final NadbProperties properties;
  private final ObjectProvider<NadbConnectionDetails> containers;
  private final boolean closedAtExit;

  /**
   * Creates one for a context.
   *
   * @param closedAtExit whether the context closes when the JVM ends
   */
  StoreOpener(
      StoreRegistry registry,
      NadbProperties properties,
      ObjectProvider<NadbConnectionDetails> containers,
      boolean closedAtExit) {
    this.registry = registry;
    this.properties = properties;
    this.containers = containers;
    this.closedAtExit = closedAtExit;
  }

  /** Opens what is the bean {@code nadbStore}. */
  KeyValueStore open() {
    return openAt(found(properties.url()), properties.options());
  }

  /** Opens a further store, of {@code nadb.stores}. */
  KeyValueStore openFurther(String name) {
    NadbProperties.Store store = Objects.requireNonNull(properties.stores().get(name), name);
    return openAt(required("nadb.stores." + name + ".url", store.url()), store.options());
  }

  private static String required(String property, @Nullable String url) {
    if (url == null) {
      throw new InvalidConfigurationPropertyValueException(
          property, null, "A store needs a URL, such as nadb:fs:./data.");
    }
    return url;
  }

  /** Where a container is, if there is one, with the options of the URL in the properties. */
  private String found(@Nullable String url) {
    NadbConnectionDetails details = containers.getIfAvailable();
    if (details == null) {
      return required("nadb.url", url);
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

  private KeyValueStore openAt(String url, Map<String, String> options) {
    Map<String, String> all = new LinkedHashMap<>(options);
    // The context closes the store, when nobody uses it any more; NADB's hook would not wait.
    if (closedAtExit && takesShutdown(url) && !namesShutdown(url, options)) {
      all.put(SHUTDOWN, "off");
    }
    return registry.open(url, all);
  }

  private boolean takesShutdown(String url) {
    return registry.describe(url).stream().map(OptionDescription::name).anyMatch(SHUTDOWN::equals);
  }

  private static boolean namesShutdown(String url, Map<String, String> options) {
    return url.toLowerCase(Locale.ROOT).matches(".*[?&]shutdown=.*")
        || options.keySet().stream().anyMatch(SHUTDOWN::equalsIgnoreCase);
  }
}

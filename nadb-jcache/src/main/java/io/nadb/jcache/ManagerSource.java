package io.nadb.jcache;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Properties;
import javax.cache.CacheException;

/**
 * Where a manager's caches are, and how they are kept: its URI, if that is a URL of NADB, or else
 * what the file of properties says that the URI leads to.
 *
 * @param url the URL of NADB
 * @param properties the file's properties, if there is one, and those given, which win
 */
record ManagerSource(String url, Properties properties) {
  static final String URL = ManagerOptions.PREFIX + "url";

  /**
   * Reads what a URI says.
   *
   * @throws CacheException if it leads to no file, or to one that has no URL
   */
  static ManagerSource of(URI uri, Properties given) {
    if ("nadb".equals(uri.getScheme())) {
      return new ManagerSource(uri.toString(), given);
    }
    Properties all = new Properties();
    try (InputStream file = uri.toURL().openStream()) {
      all.load(file);
    } catch (IOException | IllegalArgumentException e) {
      throw new CacheException(
          "the URI of a cache manager is a URL of NADB such as nadb:fs:./cache, or leads to a file"
              + " of properties, and '%s' is neither: %s".formatted(uri, e),
          e);
    }
    all.putAll(given);
    String url = all.getProperty(URL);
    if (url == null || !url.startsWith("nadb:")) {
      throw new CacheException(
          "the property %s in %s is '%s'; expected a URL of NADB such as nadb:fs:./cache"
              .formatted(URL, uri, url));
    }
    return new ManagerSource(url, all);
  }
}

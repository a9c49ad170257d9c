package io.nadb.internal.driver;

/** Makes a store's name from its location, for users who give none. */
final class StoreNames {
  private static final int MOST_CHARS = 60;

  private StoreNames() {}

  /** The scheme and the end of the location, in characters that every monitoring tool takes. */
  static String derive(String scheme, String location) {
    String[] parts = location.split("[/\\\\]+");
    String end =
        parts.length < 2
            ? location
            : parts[parts.length - 2] + "-" + parts[parts.length - 1];
    String name = scheme + "-" + end.replaceAll("[^A-Za-z0-9._-]+", "_");
    return name.length() <= MOST_CHARS ? name : name.substring(0, MOST_CHARS);
  }
}

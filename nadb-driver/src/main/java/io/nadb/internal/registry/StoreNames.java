package io.nadb.internal.registry;

import java.util.regex.Pattern;

/** Makes a store's name from its location, for users who give none. */
final class StoreNames {
  private static final int MAX_CHARS = 60;
  private static final Pattern LAST_TWO =
      Pattern.compile(".*?([^/\\\\]+)[/\\\\]+([^/\\\\]+)$", Pattern.DOTALL);
  private static final String OTHERS = "[^A-Za-z0-9._-]+";

  private StoreNames() {}

  /** The scheme and the end of the location, in characters that every monitoring tool takes. */
  static String derive(String scheme, String location) {
    String name =
        scheme + "-" + LAST_TWO.matcher(location).replaceFirst("$1-$2").replaceAll(OTHERS, "_");
    return name.length() <= MAX_CHARS ? name : name.substring(0, MAX_CHARS);
  }
}

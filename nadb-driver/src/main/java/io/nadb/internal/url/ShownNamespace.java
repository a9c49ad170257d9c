package io.nadb.internal.url;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The URL of another namespace of a location, made of one that is shown. */
public final class ShownNamespace {
  private static final String NAME = StandardOptions.NAMESPACE.name();

  private ShownNamespace() {}

  /**
   * Returns a URL, whose credentials may be masked, with another namespace. Neither {@code ?} nor
   * {@code &} can be part of anything in it.
   */
  public static String in(String url, String namespace) {
    int query = url.indexOf('?');
    List<String> parameters = new ArrayList<>();
    if (query >= 0 && query + 1 < url.length()) {
      parameters.addAll(List.of(url.substring(query + 1).split("&", -1)));
    }
    parameters.removeIf(parameter -> OptionNames.normal(name(parameter)).equals(NAME));
    parameters.add(NAME + "=" + escape(namespace));
    return (query < 0 ? url : url.substring(0, query)) + "?" + String.join("&", parameters);
  }

  private static String name(String parameter) {
    int end = parameter.indexOf('=');
    return end < 0 ? parameter : parameter.substring(0, end);
  }

  private static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}

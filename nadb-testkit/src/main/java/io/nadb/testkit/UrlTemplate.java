package io.nadb.testkit;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Makes a whole URL of one that leaves its path open, and of options that override its own. */
final class UrlTemplate {
  private static final String DIRECTORY = "{dir}";

  private UrlTemplate() {}

  static String fill(String template, Path directory, List<String> overriding) {
    int query = template.indexOf('?');
    String place = query < 0 ? template : template.substring(0, query);
    if (place.endsWith(":")) {
      place += DIRECTORY;
    }
    place = place.replace(DIRECTORY, escape(directory.toString()));
    Map<String, String> options = new LinkedHashMap<>();
    List<String> parameters = new ArrayList<>();
    if (query >= 0 && query + 1 < template.length()) {
      parameters.addAll(List.of(template.substring(query + 1).split("&", -1)));
    }
    for (String parameter : parameters) {
      // An option that is given twice stays so, for the driver to refuse.
      String name = name(parameter);
      options.merge(name, parameter, (one, two) -> one + "&" + two);
    }
    overriding.forEach(parameter -> options.put(name(parameter), parameter));
    return options.isEmpty() ? place : place + "?" + String.join("&", options.values());
  }

  /** The same URL with another namespace. */
  static String inNamespace(String url, String name) {
    String escaped = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    return fill(url, Path.of(""), List.of("namespace=" + escaped));
  }

  private static String name(String parameter) {
    int end = parameter.indexOf('=');
    String name = end < 0 ? parameter : parameter.substring(0, end);
    return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }

  static String escape(String path) {
    return path.replace("%", "%25").replace("?", "%3F");
  }
}

package io.nadb.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.NadbDriverManager;
import io.nadb.OptionDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What IDEs complete: the properties, and for options the table that the drivers have. */
class MetadataTest {
  private static final Path FILE =
      Path.of("src/main/resources/META-INF/spring-configuration-metadata.json");

  private record Property(String name, String type, String description, String fallback) {}

  private static final List<Property> PROPERTIES =
      List.of(
          text("nadb.url", "URL of the store that is the bean nadbStore, as nadb:fs:./data."),
          map("nadb.options", "String", "Options of that store, beside those in its URL."),
          map(
              "nadb.stores",
              "io.nadb.spring.boot.NadbProperties$Store",
              "Further stores, by name, each with url and options; the bean is <name>NadbStore."),
          new Property(
              "nadb.cache.time-to-live",
              "java.time.Duration",
              "After what time entries of Spring's caches expire; zero is never.",
              "\"0s\""),
          map(
              "nadb.cache.time-to-live-per-cache",
              "java.time.Duration",
              "The same for single caches, by their names."),
          flag("nadb.cache.cache-null-values", "Whether null is a value of a cache.", true),
          flag(
              "nadb.cache.create-dynamically",
              "Whether caches that are named nowhere are made when they are used.",
              true),
          flag(
              "nadb.cache.transaction-aware",
              "Whether changes of caches wait for the commit of Spring's transaction.",
              false),
          new Property(
              "nadb.session.namespace",
              "java.lang.String",
              "The namespace of Spring Session's sessions.",
              "\"sessions\""),
          flag("management.health.nadb.enabled", "Whether health tells of the stores.", true));

  private static Property text(String name, String description) {
    return new Property(name, "java.lang.String", description, "");
  }

  private static Property flag(String name, String description, boolean fallback) {
    return new Property(name, "java.lang.Boolean", description, String.valueOf(fallback));
  }

  private static Property map(String name, String values, String description) {
    String type = values.equals("String") ? "java.lang.String" : values;
    return new Property(name, "java.util.Map<java.lang.String," + type + ">", description, "");
  }

  @Test
  void theFileIsWhatPropertiesAndOptionsAre() throws IOException {
    Path due = Files.writeString(Path.of("target", FILE.getFileName().toString()), expected());
    assertThat(FILE).as("%s, to be as %s", FILE, due).hasSameTextualContentAs(due);
  }

  @Test
  void everyPropertyIsInIt() {
    List<String> names = PROPERTIES.stream().map(Property::name).toList();
    for (var component : NadbProperties.class.getRecordComponents()) {
      assertThat(names).anyMatch(name -> name.startsWith("nadb." + component.getName()));
    }
    assertThat(names.stream().filter(name -> name.startsWith("nadb.cache.")))
        .hasSize(NadbProperties.Cache.class.getRecordComponents().length);
    assertThat(names.stream().filter(name -> name.startsWith("nadb.session.")))
        .hasSize(NadbProperties.Session.class.getRecordComponents().length);
  }

  private static String expected() {
    List<String> properties = new ArrayList<>();
    for (Property each : PROPERTIES) {
      properties.add(
          "    {\"name\": \"%s\", \"type\": \"%s\", \"description\": \"%s\"%s}"
              .formatted(
                  each.name(),
                  each.type(),
                  each.description(),
                  each.fallback().isEmpty() ? "" : ", \"defaultValue\": " + each.fallback()));
    }
    Map<String, String> options = new TreeMap<>();
    for (String url : List.of("nadb:redis://localhost", "nadb:fs:./data")) {
      for (OptionDescription option : NadbDriverManager.describe(url)) {
        options.put(option.name(), option.description());
      }
    }
    List<String> values = new ArrayList<>();
    options.forEach(
        (name, meaning) ->
            values.add(
                "      {\"value\": \"%s\", \"description\": \"%s\"}"
                    .formatted(name, meaning.replace("\"", "\\\""))));
    return "{\n  \"properties\": [\n"
        + String.join(",\n", properties)
        + "\n  ],\n  \"hints\": [\n    {\"name\": \"nadb.options.keys\", \"values\": [\n"
        + String.join(",\n", values)
        + "\n    ]}\n  ]\n}\n";
  }
}

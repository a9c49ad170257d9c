package io.nadb.internal.url;

import io.nadb.NadbUrlException;
import io.nadb.internal.url.OptionValues.Given;
import io.nadb.internal.url.ParsedUrl.Parameter;
import io.nadb.spi.Option;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks the options given for one URL against those that its driver accepts. */
final class OptionResolver {
  private final ParsedUrl url;
  private final ShownUrl shown;
  private final List<Option<?>> accepted;
  private final Map<String, Option<?>> byName = new LinkedHashMap<>();
  private final Function<String, @Nullable String> environment;
  private final Map<String, Given> given = new LinkedHashMap<>();

  OptionResolver(
      ParsedUrl url, List<Option<?>> accepted, Function<String, @Nullable String> environment) {
    this.url = url;
    this.accepted = List.copyOf(accepted);
    this.environment = environment;
    for (Option<?> option : accepted) {
      if (byName.put(OptionNames.normal(option.name()), option) != null) {
        throw new IllegalArgumentException(
            "driver [" + url.scheme() + "] declares option [" + option + "] twice");
      }
    }
    this.shown = Redaction.wellFormed(url.text(), this::isHarmless);
  }

  OptionValues resolve(Map<String, String> beside) {
    for (Parameter parameter : url.parameters()) {
      resolve(parameter);
    }
    beside.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
        .forEach(entry -> resolve(entry.getKey(), entry.getValue()));
    for (Option<?> option : accepted) {
      if (!given.containsKey(option.name())) {
        checkAbsent(option);
      }
    }
    return new OptionValues(url.shownAs(shown), accepted, Map.copyOf(given));
  }

  /** Whether the value may be shown; so may a value whose option's name is merely misspelt. */
  private boolean isHarmless(String name) {
    Option<?> option = byName.get(OptionNames.normal(name));
    if (option == null && !OptionNames.looksSensitive(name)) {
      option = suggestion(name).map(meant -> byName.get(OptionNames.normal(meant))).orElse(null);
    }
    return option != null && !option.sensitive() && !OptionNames.isPassword(name);
  }

  private void resolve(Parameter parameter) {
    String text = url.text();
    int from = parameter.nameFrom();
    int nameTo = parameter.nameTo();
    String name = text.substring(from, nameTo);
    Option<?> option = byName.get(OptionNames.normal(name));
    if (OptionNames.isPassword(name) || (option == null && OptionNames.looksLikePassword(name))) {
      throw shown.fault(
          from,
          nameTo,
          "A password in the query is refused",
          ": write user:password@ before the host, password-file=<path>, or ${env:NAME} in place"
              + " of the password",
          acceptedNames());
    }
    if (option == null) {
      throw unknown(shown, from, nameTo, shown.hides(from) ? "" : name);
    }
    Given earlier = given.get(option.name());
    if (earlier != null) {
      throw shown.fault(from, nameTo, "Option '" + option.name() + "' is given twice", "");
    }
    TextDecoder decoder = new TextDecoder(text, shown);
    int valueFrom = parameter.valueFrom();
    int valueTo = parameter.valueTo();
    Given value =
        new Given(
            decoder.decode(valueFrom, valueTo, environment),
            text.substring(valueFrom, valueTo),
            shown,
            from,
            valueTo);
    boolean hidden = valueFrom < valueTo && shown.hides(valueFrom);
    check(option, value, valueFrom, hidden);
    given.put(option.name(), value);
  }

  private void resolve(String name, String written) {
    Place beside = Place.beside(shown);
    Option<?> option = byName.get(OptionNames.normal(name));
    if (option == null) {
      throw unknown(beside, 0, 0, name);
    }
    Given earlier = given.get(option.name());
    if (earlier != null) {
      String what = "Option '" + option.name() + "' is given ";
      throw earlier.place() == shown
          ? shown.fault(
              earlier.from(), earlier.to(), what + "in the URL", " and beside it: keep one")
          : beside.fault(0, 0, what + "twice", "");
    }
    String text = new TextDecoder(written, beside).replaceVariables(environment);
    Given value = new Given(text, written, beside, 0, 0);
    check(option, value, 0, false);
    given.put(option.name(), value);
  }

  private void check(Option<?> option, Given value, int valueFrom, boolean hidden) {
    try {
      option.parse(value.text());
    } catch (IllegalArgumentException e) {
      // The parser's message may repeat the value, so it is dropped together with it.
      boolean secret =
          hidden
              || option.sensitive()
              || value.fromEnvironment()
              || !Redaction.isPlain(value.text());
      throw value
          .place()
          .fault(
              valueFrom,
              value.to(),
              (secret ? "Bad value of" : "Bad value [" + ShownUrl.quoted(value.text()) + "] of")
                  + (" option '" + option.name() + "'"),
              ": " + (secret ? "expected " + option.type() : e.getMessage()));
    }
  }

  private void checkAbsent(Option<?> option) {
    try {
      option.parse(null);
    } catch (IllegalArgumentException e) {
      throw new NadbUrlException(
          "Option '" + option.name() + "' is missing: " + e.getMessage() + "\n  " + shown);
    }
  }

  private NadbUrlException unknown(Place place, int from, int to, String name) {
    String quoted = name.isEmpty() ? "" : " '" + ShownUrl.quoted(name) + "'";
    String hint = suggestion(name).map(meant -> ". Did you mean '" + meant + "'?").orElse("");
    return place.fault(from, to, "Unknown option" + quoted, hint, acceptedNames());
  }

  private Optional<String> suggestion(String name) {
    return OptionNames.suggestion(name, accepted.stream().map(Option::name));
  }

  private String acceptedNames() {
    return url.scheme()
        + (accepted.isEmpty()
            ? " accepts no options"
            : accepted.stream()
                .map(Option::name)
                .sorted()
                .collect(Collectors.joining(", ", " accepts: ", "")));
  }
}

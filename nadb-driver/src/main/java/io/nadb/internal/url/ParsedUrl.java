package io.nadb.internal.url;

import io.nadb.spi.NadbUrl;
import java.util.List;
import java.util.Optional;

/** A URL with its options, as {@link UrlParser} split it. */
public final class ParsedUrl implements NadbUrl {
  private final String text;
  private final ShownUrl shown;
  private final String scheme;
  private final Authority authority;
  private final String path;
  private final String rawPath;
  private final List<Parameter> parameters;

  ParsedUrl(
      String text,
      ShownUrl shown,
      String scheme,
      Authority authority,
      String path,
      String rawPath,
      List<Parameter> parameters) {
    this.text = text;
    this.shown = shown;
    this.scheme = scheme;
    this.authority = authority;
    this.path = path;
    this.rawPath = rawPath;
    this.parameters = List.copyOf(parameters);
  }

  @Override
  public String scheme() {
    return scheme;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String rawPath() {
    return rawPath;
  }

  @Override
  public List<Endpoint> endpoints() {
    return authority.endpoints();
  }

  @Override
  public Optional<String> user() {
    return authority.user();
  }

  @Override
  public Optional<String> password() {
    return authority.password();
  }

  @Override
  public String toString() {
    return shown.toString();
  }

  /** The URL as written, credentials included. */
  String text() {
    return text;
  }

  /** The options in the query, in the order in which they are written. */
  List<Parameter> parameters() {
    return parameters;
  }

  /** Returns the same URL, shown differently. */
  ParsedUrl shownAs(ShownUrl other) {
    return new ParsedUrl(text, other, scheme, authority, path, rawPath, parameters);
  }

  /**
   * An option in the query: where its name and its value are in the written URL, with an {@code =}
   * between them.
   */
  record Parameter(int nameFrom, int nameTo, int valueTo) {

    int valueFrom() {
      return nameTo + 1;
    }
  }
}

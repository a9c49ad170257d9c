package io.nadb.internal.url;

import io.nadb.NadbUrlException;
import io.nadb.internal.url.ParsedUrl.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses URLs; {@link io.nadb.spi.NadbUrl} draws the grammar.
 *
 * <p>Not {@code java.net.URI}, which decodes before it splits, takes {@code C:\data} and spaces for
 * errors, and prints the whole URL, password included, in its messages.
 */
public final class UrlParser {
  static final String PREFIX = "nadb:";
  private static final String FORM = "nadb:<scheme>:<path>[?option=value&...]";
  private static final Pattern SCHEME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  private final String text;
  private final ShownUrl shown;
  private final Function<String, @Nullable String> environment;

  private UrlParser(String text, Function<String, @Nullable String> environment) {
    this.text = text;
    this.shown = Redaction.malformed(text);
    this.environment = environment;
  }

  /**
   * Parses a URL, with the process's environment variables.
   *
   * @throws NadbUrlException if it is malformed, or a variable in its user or password is not set
   */
  public static ParsedUrl parse(String url) {
    return parse(url, System::getenv);
  }

  /**
   * Parses a URL, with the given environment variables.
   *
   * @throws NadbUrlException if it is malformed, or a variable in its user or password is not set
   */
  public static ParsedUrl parse(String url, Function<String, @Nullable String> environment) {
    Objects.requireNonNull(url, "url");
    if (url.isEmpty()) {
      throw new NadbUrlException("The URL is empty: expected " + FORM);
    }
    return new UrlParser(url, environment).parse();
  }

  /** Whether {@code nadb:} stands there; case does not matter, as in every URL. */
  static boolean hasPrefix(String text, int at) {
    return text.regionMatches(true, at, PREFIX, 0, PREFIX.length());
  }

  private ParsedUrl parse() {
    checkCharacters();
    if (!hasPrefix(text, 0)) {
      int colon = text.indexOf(':');
      throw shown.fault(
          0, colon < 0 ? text.length() : colon + 1, "Not a NADB URL", ": expected " + FORM);
    }
    int from = PREFIX.length();
    int query = indexOf('?', from, text.length());
    int colon = indexOf(':', from, query);
    String scheme = scheme(from, colon);
    if (colon == query) {
      throw noPath(query, scheme);
    }
    int rest = colon + 1;
    checkAt(rest, query);
    Authority authority = Authority.NONE;
    int path = rest;
    if (text.startsWith("//", rest)) {
      path = indexOf('/', rest + 2, query);
      authority = new AuthorityParser(text, shown, environment).parse(rest + 2, path);
    } else if (path == query) {
      throw noPath(query, scheme);
    }
    String decodedPath = path(path, query);
    List<Parameter> parameters = parameters(query);
    return new ParsedUrl(
        text,
        Redaction.wellFormed(text),
        scheme,
        authority,
        decodedPath,
        text.substring(path, query),
        parameters);
  }

  private void checkCharacters() {
    int last = text.length() - text.stripTrailing().length();
    int first = text.length() - text.stripLeading().length();
    if (first > 0) {
      throw shown.fault(0, first, "White space before the URL", ": expected " + FORM);
    }
    if (last > 0) {
      throw shown.fault(
          text.length() - last,
          text.length(),
          "White space after the URL",
          ": a space that belongs to it is written %20");
    }
    for (int at = 0; at < text.length(); at = text.offsetByCodePoints(at, 1)) {
      int c = text.codePointAt(at);
      if (Character.isISOControl(c)) {
        throw shown.fault(at, at + 1, "Control character", ": write it as %" + hex(c));
      }
      if (Character.getType(c) == Character.SURROGATE) {
        throw shown.fault(at, at + 1, "Unpaired surrogate", ": the URL is no valid Unicode text");
      }
    }
  }

  private static String hex(int c) {
    return String.format(Locale.ROOT, c < 0x80 ? "%02X" : "C2%%%02X", c);
  }

  private String scheme(int from, int to) {
    String scheme = text.substring(from, to).toLowerCase(Locale.ROOT);
    if (scheme.isEmpty() || scheme.startsWith("//")) {
      throw shown.fault(from, from, "No scheme", ": expected " + FORM);
    }
    if (!SCHEME.matcher(scheme).matches()) {
      throw shown.fault(
          from,
          to,
          "Malformed scheme",
          ": expected letters and digits, with '-' between words, as in nadb:fs:./data");
    }
    return scheme;
  }

  private NadbUrlException noPath(int at, String scheme) {
    String expected =
        switch (scheme) {
          case "fs" -> "nadb:fs:<path>, for example nadb:fs:./data";
          case "mem" -> "nadb:mem:<name>, for example nadb:mem:test";
          default -> "nadb:" + scheme + ":<path> or nadb:" + scheme + "://<host>";
        };
    return shown.fault(at, at, "No path", ": expected " + expected);
  }

  /**
   * Where a host is given, here or in the URL of a layer below, every {@code @} that does not end
   * the userinfo is refused: it would leave open where a password ends.
   */
  private void checkAt(int rest, int query) {
    int inner = text.indexOf("://", rest);
    boolean layered = inner >= 0 && inner < query;
    if (!text.startsWith("//", rest) && !layered) {
      return;
    }
    int from = text.startsWith("//", rest) ? rest + 2 : inner + 3;
    int at = text.indexOf('@', from);
    int last = text.lastIndexOf('@');
    int end = Math.min(indexOf('/', from, query), query);
    if (at >= 0 && (at != last || last > end)) {
      throw shown.fault(
          last,
          last + 1,
          "Misplaced '@'",
          ": in a user, password, path or option, '@' is written %40, '/' %2F and '?' %3F");
    }
  }

  private String path(int from, int to) {
    String path = new TextDecoder(text, shown).decode(from, to);
    if (path.indexOf('\0') >= 0) {
      int at = text.indexOf("%00", from);
      throw shown.fault(at, at + 3, "NUL in the path", ": no file or server has such a name");
    }
    return path;
  }

  private List<Parameter> parameters(int query) {
    List<Parameter> parameters = new ArrayList<>();
    int from = query + 1;
    while (query < text.length() && from <= text.length()) {
      int to = indexOf('&', from, text.length());
      parameters.add(parameter(from, to));
      from = to + 1;
    }
    return parameters;
  }

  private Parameter parameter(int from, int to) {
    int equals = indexOf('=', from, to);
    int hash = text.indexOf('#', from);
    if (from == to) {
      throw shown.fault(
          from - 1,
          from,
          "No option after '" + text.charAt(from - 1) + "'",
          ": expected option=value");
    }
    if (hash >= 0 && hash < to) {
      throw shown.fault(
          hash, hash + 1, "Reserved character '#'", ": in an option it is written %23");
    }
    if (equals == from) {
      throw shown.fault(from, from + 1, "No option name before '='", ": expected option=value");
    }
    if (equals == to) {
      throw shown.fault(from, to, "No '=' in an option", ": expected option=value");
    }
    new TextDecoder(text, shown).decode(equals + 1, to);
    return new Parameter(from, equals, to);
  }

  private int indexOf(char c, int from, int end) {
    int index = text.indexOf(c, from);
    return index < 0 || index > end ? end : index;
  }
}

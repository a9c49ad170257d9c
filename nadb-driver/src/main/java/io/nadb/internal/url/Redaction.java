package io.nadb.internal.url;

import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides what of a URL may be seen.
 *
 * <p>It works on the text alone, because the URL may be malformed, and a credential then stands
 * where no grammar expects it: in the port, in the path, behind a {@code ?} of the password. In
 * doubt it masks. An option's value is seen only if its name is known to carry no credential.
 */
final class Redaction {
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]{0,15}:");
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z0-9+._-]{1,32}");
  private static final Pattern USER = Pattern.compile("[A-Za-z0-9._-]+:");
  private static final Pattern ENDPOINT =
      Pattern.compile("(\\[[0-9A-Fa-f:.]++]|[\\p{L}\\p{N}._-]++)(:[0-9]{1,5}+)?+");
  private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z0-9_-]{1,64}+)[=:]");

  private static final Pattern ESCAPED_EQUALS = Pattern.compile("=|%3[Dd]");

  private final String text;
  private final boolean malformed;
  private final Predicate<String> shownOptions;
  private final ShownUrl.Builder shown;

  private Redaction(String text, boolean malformed, Predicate<String> shownOptions) {
    this.text = text;
    this.malformed = malformed;
    this.shownOptions = shownOptions;
    this.shown = new ShownUrl.Builder(text);
  }

  /** Shows a URL that may turn out to be malformed. */
  static ShownUrl malformed(String text) {
    return new Redaction(text, true, Redaction::isStandard).redact();
  }

  /** Shows a well-formed URL whose driver is not known yet. */
  static ShownUrl wellFormed(String text) {
    return wellFormed(text, Redaction::isStandard);
  }

  /** Shows a well-formed URL with the values of the options for which the predicate holds. */
  static ShownUrl wellFormed(String text, Predicate<String> shownOptions) {
    return new Redaction(text, false, shownOptions).redact();
  }

  /** Whether a value holds no assignment, which would be another option behind a wrong separator. */
  static boolean isPlain(String value) {
    Matcher assignment = ASSIGNMENT.matcher(value);
    boolean plain = !ESCAPED_EQUALS.matcher(value).find();
    while (plain && assignment.find()) {
      plain = !OptionNames.looksSensitive(assignment.group(1));
    }
    return plain;
  }

  private static boolean isStandard(String name) {
    String normal = OptionNames.normal(name);
    return StandardOptions.FS.stream()
        .anyMatch(option -> OptionNames.normal(option.name()).equals(normal));
  }

  private ShownUrl redact() {
    int start = text.length() - text.stripLeading().length();
    if (!UrlParser.hasPrefix(text, start)) {
      return redactForeign(start);
    }
    int scheme = start + UrlParser.PREFIX.length();
    int query = indexOf('?', scheme);
    int colon = Math.min(indexOf(':', scheme), query);
    shown.show(0, scheme);
    int head;
    if (SCHEME.matcher(text.substring(scheme, colon)).matches()) {
      int rest = Math.min(colon + 1, query);
      shown.show(scheme, rest);
      head = maskUserinfo(rest, query);
    } else {
      head = maskAfterPrefix(scheme, query);
    }
    // Behind a password with a '?' in it, the rest of the password must not pass for options.
    int options = head > query ? Math.min(indexOf('?', head), indexOf('&', head)) : query;
    showPath(head, options);
    showOptions(options);
    return shown.build();
  }

  /** Another system's URL, or none at all: only the word before its first colon is shown. */
  private ShownUrl redactForeign(int start) {
    Matcher matcher = PREFIX.matcher(text).region(start, text.length());
    int end = matcher.lookingAt() ? matcher.end() : start;
    return shown.show(0, end).mask(end, text.length()).build();
  }

  /** Without a scheme, the first colon may be that of a password. */
  private int maskAfterPrefix(int from, int query) {
    int at = text.lastIndexOf('@');
    if (at < from && text.substring(from, query).indexOf(':') < 0) {
      return from;
    }
    int to = Math.max(query, at);
    shown.mask(from, to);
    return to;
  }

  /** Shows or masks what stands before an {@code @}; returns where the rest begins. */
  private int maskUserinfo(int rest, int query) {
    String head = text.substring(rest, query);
    int authority = text.startsWith("//", rest) ? rest + 2 : rest;
    int inner = head.indexOf("://");
    int slashes = head.indexOf("//");
    boolean hasHost = authority > rest || inner >= 0;
    if (authority == rest && inner >= 0) {
      authority = rest + inner + 3;
    } else if (authority == rest && malformed && slashes >= 0) {
      authority = rest + slashes + 2;
    }
    int at = text.lastIndexOf('@', hasHost || malformed ? text.length() : query);
    if (at < authority) {
      return maskBadAuthority(rest, authority, query, hasHost);
    }
    String userinfo = text.substring(authority, at);
    if (!malformed && !hasHost && isPath(userinfo)) {
      return rest;
    }
    shown.show(rest, authority);
    Matcher user = USER.matcher(userinfo);
    boolean simple = userinfo.indexOf('@') < 0 && at < query;
    int secret = authority + (simple && user.lookingAt() ? user.end() : 0);
    shown.mask(secret, at);
    return at;
  }

  /** Whether what stands before the {@code @} of a URL without a host is a directory's name. */
  private static boolean isPath(String text) {
    int first = 0;
    while (first < text.length() && text.charAt(first) == '/') {
      first++;
    }
    return text.indexOf(':') < 0
        && (text.indexOf('/', first) >= 0 || text.indexOf('\\', first) >= 0);
  }

  /** Without an {@code @}, {@code user:password} looks like a host and a port that is none. */
  private int maskBadAuthority(int rest, int authority, int query, boolean hasHost) {
    int end = Math.min(indexOf('/', authority), query);
    if (!malformed || !hasHost || areEndpoints(text.substring(authority, end))) {
      return rest;
    }
    int colon = Math.min(indexOf(':', authority), end);
    int from = colon == end ? authority : colon + 1;
    shown.show(rest, from).mask(from, query);
    return query;
  }

  private static boolean areEndpoints(String authority) {
    for (String endpoint : authority.split(",", -1)) {
      if (!endpoint.isEmpty() && !ENDPOINT.matcher(endpoint).matches()) {
        return false;
      }
    }
    return true;
  }

  /** Shows a path; behind {@code password=}, with the {@code ?} forgotten, it masks. */
  private void showPath(int from, int to) {
    Matcher assignment = ASSIGNMENT.matcher(text).region(from, to);
    int secret = to;
    while (secret == to && assignment.find()) {
      secret = OptionNames.looksSensitive(assignment.group(1)) ? assignment.end() : to;
    }
    shown.show(from, secret).mask(secret, to);
  }

  private void showOptions(int query) {
    boolean afterSecret = false;
    int from = Math.min(query + 1, text.length());
    shown.show(query, from);
    while (from < text.length()) {
      int to = indexOf('&', from);
      int equals = Math.min(indexOf('=', from), to);
      String name = text.substring(from, equals);
      int value = Math.min(equals + 1, to);
      if (shownOptions.test(name)) {
        int end = isPlain(text.substring(value, to)) ? to : value;
        shown.show(from, end).mask(end, to);
      } else if (afterSecret || equals == to || !isWord(name)) {
        // It may be the rest of a password that has a '&' in it.
        shown.mask(from, to);
      } else {
        shown.show(from, value).mask(value, to);
      }
      afterSecret |= OptionNames.looksSensitive(name);
      from = Math.min(to + 1, text.length());
      shown.show(to, from);
    }
  }

  private static boolean isWord(String name) {
    return name.length() <= 40
        && name.codePoints()
            .allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.');
  }

  private int indexOf(char c, int from) {
    int index = text.indexOf(c, from);
    return index < 0 ? text.length() : index;
  }
}

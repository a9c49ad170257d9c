package io.nadb.internal.url;

import java.util.Arrays;
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
  private static final Pattern USER = Pattern.compile("[A-Za-z0-9._-]+:(?=.)", Pattern.DOTALL);
  private static final Pattern DIRECTORY = Pattern.compile("\\.{1,2}[/\\\\]|/[^/]+/");
  private static final Pattern ENDPOINT =
      Pattern.compile("(\\[[0-9A-Fa-f:.]++]|[\\p{L}\\p{N}._-]++)(:[0-9]{1,5}+)?+");

  private static final Pattern EQUALS = Pattern.compile("=|%3[Dd]");
  private static final Pattern ASSIGNED = Pattern.compile("(?<![A-Za-z0-9_-])([A-Za-z0-9_-]+)=");

  /** What somebody writes who has left out the prefix. */
  private static final Pattern BARE_SCHEME = Pattern.compile("(?i)(fs|mem):");

  private static final Pattern BARE_PATH = Pattern.compile("\\.{0,2}[/\\\\][^@:=?&%]*");
  private static final int MAX_NAME = 40;

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

  /**
   * Whether a value holds no assignment, which would be another option behind a wrong separator.
   */
  static boolean isPlain(String value) {
    return (!EQUALS.matcher(value).find() || assignsOptions(value))
        && assignedSecret(value, 0, value.length()) < 0;
  }

  /** Whether all that a value assigns are options that carry no credential, as in 5s,buffer=1kb. */
  private static boolean assignsOptions(String value) {
    Matcher name = ASSIGNED.matcher(value);
    int equals = 0;
    while (name.find()) {
      if (!isStandard(name.group(1))) {
        return false;
      }
      equals++;
    }
    return equals == EQUALS.matcher(value).results().count();
  }

  /** Where the value of a credential's name starts, or -1. */
  private static int assignedSecret(String text, int from, int to) {
    int name = from;
    for (int at = from; at < to; at++) {
      char c = text.charAt(at);
      if (c == '=' || c == ':') {
        String word = text.substring(Math.max(name, at - MAX_NAME), at);
        if (OptionNames.looksSensitive(word)) {
          return at + 1;
        }
      }
      if (!Character.isLetterOrDigit(c) && c != '-' && c != '_') {
        name = at + 1;
      }
    }
    return -1;
  }

  private static boolean isStandard(String name) {
    String normal = OptionNames.normal(name);
    return StandardOptions.FS.stream()
        .anyMatch(option -> OptionNames.normal(option.name()).equals(normal));
  }

  private ShownUrl redact() {
    int start = text.length() - text.stripLeading().length();
    boolean hasPrefix = UrlParser.hasPrefix(text, start);
    if (!hasPrefix && !BARE_SCHEME.matcher(text).region(start, text.length()).lookingAt()) {
      return redactForeign(start);
    }
    int scheme = hasPrefix ? start + UrlParser.PREFIX.length() : start;
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

  /**
   * Another system's URL, or none at all: only a path, or else the word before its first colon, is
   * shown.
   */
  private ShownUrl redactForeign(int start) {
    if (BARE_PATH.matcher(text).region(start, text.length()).matches()) {
      return shown.show(0, text.length()).build();
    }
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
    int authority = authority(rest, query);
    boolean hasHost = authority > rest;
    boolean anywhere = hasHost || malformed || hasStrayAt(query);
    int at = text.lastIndexOf('@', anywhere ? text.length() : query);
    if (at < authority) {
      return maskBadAuthority(rest, authority, query, hasHost);
    }
    String userinfo = text.substring(authority, at);
    if (!malformed && !hasHost && isPath(userinfo)) {
      return rest;
    }
    Matcher user = USER.matcher(userinfo);
    boolean simple = hasHost && userinfo.indexOf('@') < 0 && at < query;
    int secret = authority + (simple && user.lookingAt() ? user.end() : 0);
    shown.show(rest, secret).mask(secret, at);
    return at;
  }

  /**
   * Where a host's part begins, here or in the URL of one layer below; where the path does if not.
   */
  private int authority(int rest, int query) {
    int slashes = Math.min(indexOf("://", rest - 1), query);
    boolean found =
        slashes == rest - 1
            || (slashes < query && SCHEME.matcher(text.substring(rest, slashes)).matches());
    return found ? slashes + 3 : rest;
  }

  /** Whether the query holds an {@code @} of which no known option's value is the reason. */
  private boolean hasStrayAt(int query) {
    return text.indexOf('@', query) >= 0
        && Arrays.stream(text.substring(query + 1).split("&"))
            .anyMatch(o -> o.indexOf('@') >= 0 && !shownOptions.test(o.split("=", 2)[0]));
  }

  /** Whether what stands before the {@code @} of a URL without a host is clearly a directory. */
  private static boolean isPath(String text) {
    return DIRECTORY.matcher(text).lookingAt() && text.indexOf(':') < 0;
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
    int secret = assignedSecret(text, from, to);
    int end = secret < 0 ? to : secret;
    shown.show(from, end).mask(end, to);
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
    return name.length() <= MAX_NAME
        && name.codePoints()
            .allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.');
  }

  private int indexOf(char c, int from) {
    return indexOf(String.valueOf(c), from);
  }

  private int indexOf(String part, int from) {
    int index = text.indexOf(part, from);
    return index < 0 ? text.length() : index;
  }
}

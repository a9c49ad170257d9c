package io.nadb.internal.url;

import io.nadb.NadbUrlException;
import io.nadb.spi.NadbUrl.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses {@code [user[:password]@]host[:port][,host[:port]]}. */
final class AuthorityParser {
  private static final Pattern PORT = Pattern.compile("[0-9]{1,9}");
  private static final Pattern IPV6 =
      Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final int MAX_PORT = 65535;

  private final String text;
  private final ShownUrl shown;
  private final Function<String, @Nullable String> environment;

  AuthorityParser(String text, ShownUrl shown, Function<String, @Nullable String> environment) {
    this.text = text;
    this.shown = shown;
    this.environment = environment;
  }

  /** Parses the part of the URL, in which there is one {@code @} at most. */
  Authority parse(int from, int to) {
    int at = text.lastIndexOf('@', to - 1);
    if (at < from) {
      return new Authority(Optional.empty(), Optional.empty(), endpoints(from, to));
    }
    if (at == from) {
      throw shown.fault(
          at, at + 1, "No user before '@'", ": leave '@' out, or write user:password@");
    }
    int colon = passwordColon(from, at);
    TextDecoder decoder = new TextDecoder(text, shown);
    String user = decoder.decode(from, colon, environment);
    Optional<String> password = Optional.empty();
    if (colon < at) {
      String decoded = decoder.decode(colon + 1, at, environment);
      if (decoded.isEmpty()) {
        throw shown.fault(
            colon, at, "The password is empty", ": leave ':' out if there is no password");
      }
      password = Optional.of(decoded);
    }
    return new Authority(
        Optional.of(user).filter(name -> !name.isEmpty()), password, endpoints(at + 1, to));
  }

  /** The first colon that is not inside <code>${env:NAME}</code>. */
  private int passwordColon(int from, int to) {
    int at = from;
    while (at < to && text.charAt(at) != ':') {
      int end = text.startsWith(TextDecoder.VARIABLE_START, at) ? text.indexOf('}', at) : at;
      at = end < 0 ? to : end + 1;
    }
    return Math.min(at, to);
  }

  private List<Endpoint> endpoints(int from, int to) {
    List<Endpoint> endpoints = new ArrayList<>();
    int at = from;
    while (at <= to) {
      int comma = text.indexOf(',', at);
      int end = comma < 0 || comma > to ? to : comma;
      endpoints.add(endpoint(at, end));
      at = end + 1;
    }
    return List.copyOf(endpoints);
  }

  private Endpoint endpoint(int from, int to) {
    int colon = text.startsWith("[", from) ? afterBracket(from, to) : text.indexOf(':', from);
    int hostTo = colon < 0 || colon > to ? to : colon;
    if (hostTo == from) {
      throw shown.fault(
          from,
          Math.max(from, hostTo),
          "No host",
          ": expected '//<host>'; a file's path has no '//', as in nadb:fs:/var/data");
    }
    if (hostTo < to && text.indexOf(':', hostTo + 1) >= 0 && text.indexOf(':', hostTo + 1) < to) {
      throw shown.fault(
          from,
          to,
          "More than one ':' after '//'",
          ": an IPv6 address is written in brackets, and a password is followed by '@'");
    }
    OptionalInt port = hostTo < to ? OptionalInt.of(port(hostTo + 1, to)) : OptionalInt.empty();
    return new Endpoint(host(from, hostTo), port);
  }

  /** Where the brackets of an IPv6 address end: at the colon before the port, or at the end. */
  private int afterBracket(int from, int to) {
    int close = text.indexOf(']', from);
    boolean closed = close >= 0 && close < to;
    if (!closed || (close + 1 < to && text.charAt(close + 1) != ':')) {
      throw badHost(from, to);
    }
    return close + 1;
  }

  private String host(int from, int to) {
    String host = text.substring(from, to);
    if (host.startsWith("[")) {
      String address = host.substring(1, host.length() - 1);
      if (!IPV6.matcher(address).matches()) {
        throw badHost(from, to);
      }
      return address;
    }
    if (!host.codePoints().allMatch(AuthorityParser::isHostCharacter)) {
      throw badHost(from, to);
    }
    return host;
  }

  private NadbUrlException badHost(int from, int to) {
    return shown.fault(
        from,
        to,
        "Malformed host",
        ": expected letters, digits, '.', '-' and '_', or an IPv6 address in brackets");
  }

  private static boolean isHostCharacter(int c) {
    return Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_';
  }

  /** The number seen is not quoted: it is a password's beginning if its '@' was forgotten. */
  private int port(int from, int to) {
    String port = text.substring(from, to);
    int number = PORT.matcher(port).matches() ? Integer.parseInt(port) : 0;
    if (number < 1 || number > MAX_PORT) {
      throw shown.fault(from, to, "Malformed port", ": expected a number from 1 to " + MAX_PORT);
    }
    return number;
  }
}

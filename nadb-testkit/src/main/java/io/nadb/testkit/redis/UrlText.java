package io.nadb.testkit.redis;

import io.nadb.testkit.redis.RespConnection.Access;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** URLs and parts of them, written so that whatever is in them is read as it was. */
final class UrlText {
  private UrlText() {}

  /** A URL that opens a store, with everything that a client needs to know. */
  static String open(Access access, String form, String endpoints, String... options) {
    List<String> query = new ArrayList<>();
    Certificates present = access.certificates();
    if (present != null) {
      query.add("trust-store=" + encodeOption(present.trustStore().toString()));
      query.add("trust-store-password-file=" + encodeOption(present.passwordFile().toString()));
    }
    query.addAll(List.of(options));
    return "nadb:"
        + (access.tls() ? "rediss" : "redis")
        + form
        + "://"
        + userinfo(access.user(), access.password())
        + endpoints
        + (query.isEmpty() ? "" : "?" + String.join("&", query));
  }

  /** What stands before the host: nothing, or a user and a password with an {@code @}. */
  static String userinfo(@Nullable String user, @Nullable String password) {
    return password == null
        ? ""
        : (user == null ? "" : encode(user)) + ":" + encode(password) + "@";
  }

  /** A host, in brackets if it is an IPv6 address, and a port. */
  static String endpoint(String host, int port) {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  /** The value of an option. */
  static String encodeOption(String value) {
    return encode(value, "/-_.:");
  }

  private static String encode(String text) {
    return encode(text, "");
  }

  private static String encode(String text, String kept) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b > 0 && (Character.isLetterOrDigit(b) || kept.indexOf(b) >= 0)) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return encoded.toString();
  }
}

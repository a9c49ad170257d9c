package io.nadb.testkit.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server is asked to be like.
 *
 * @param password what clients must give, if anything
 * @param certificates what it proves itself with, if it speaks TLS
 * @param cluster whether it is to be a node of a cluster
 * @param sentinel whether it is to watch over another server instead of keeping data
 * @param directives further lines of its configuration
 */
record ServerSettings(
    @Nullable String password,
    @Nullable Certificates certificates,
    boolean cluster,
    boolean sentinel,
    List<String> directives) {

  ServerSettings {
    directives = List.copyOf(directives);
  }

  static ServerSettings plain() {
    return new ServerSettings(null, null, false, false, List.of());
  }

  ServerSettings asClusterNode() {
    return new ServerSettings(password, certificates, true, false, directives);
  }

  /** The whole configuration file of a server on this port. */
  List<String> configuration(RedisBinary binary, int port) {
    List<String> lines = new ArrayList<>();
    lines.add("bind 127.0.0.1");
    lines.add("save \"\"");
    lines.add("loglevel notice");
    if (binary.isAtLeast(7)) {
      lines.add("enable-debug-command local"); // Always allowed before.
    }
    addPort(lines, port);
    if (password != null) {
      lines.add("requirepass " + quote(password));
      if (!sentinel) {
        lines.add("masterauth " + quote(password));
      }
    }
    if (cluster) {
      lines.add("cluster-enabled yes");
      lines.add("cluster-node-timeout 2000");
    }
    lines.addAll(directives);
    return lines;
  }

  private void addPort(List<String> lines, int port) {
    if (certificates == null) {
      lines.add("port " + port);
      return;
    }
    lines.add("port 0");
    lines.add("tls-port " + port);
    lines.add("tls-cert-file " + quote(certificates.certificate().toString()));
    lines.add("tls-key-file " + quote(certificates.key().toString()));
    lines.add("tls-ca-cert-file " + quote(certificates.certificate().toString()));
    lines.add("tls-auth-clients no");
    lines.add("tls-replication yes");
    if (cluster) {
      lines.add("tls-cluster yes");
    }
  }

  /** Writes a word as Redis reads it in its configuration, whatever is in it. */
  static String quote(String word) {
    StringBuilder quoted = new StringBuilder("\"");
    for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
      if (b >= ' ' && b < 0x7f && b != '"' && b != '\\') {
        quoted.append((char) b);
      } else {
        quoted.append("\\x").append(HexFormat.of().toHexDigits(b));
      }
    }
    return quoted.append('"').toString();
  }

  /** Without the password. */
  @Override
  public String toString() {
    return (certificates == null ? "" : "TLS ")
        + (password == null ? "" : "password ")
        + (cluster ? "cluster" : sentinel ? "sentinel" : "single");
  }
}

package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that wants to know who connects: a client proves it by a certificate of its own. */
class RedisEncryptionIT {
  private static final byte[] VALUE = "v".getBytes(UTF_8);

  /** It trusts its own certificate alone, so that is the clients', too. */
  private static final RedisServer SERVER =
      RedisServer.builder().tls().config("tls-auth-clients", "yes").start();

  private final StoreRegistry registry = StoreRegistry.create(new VirtualTime());
  @TempDir private Path directory;

  @AfterEach
  void close() {
    registry.close();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private static Path file(String name) {
    return SERVER.trustStore().resolveSibling(name);
  }

  /** The certificate and the key, in one file. */
  private Path pem() throws IOException {
    return Files.writeString(
        directory.resolve("client.pem"),
        Files.readString(file("server.crt")) + Files.readString(file("server.key")));
  }

  private static String url(Path trusted, String options) {
    return "nadb:rediss://127.0.0.1:"
        + SERVER.port()
        + "?sweep=off&trust-store="
        + trusted
        + options;
  }

  @Test
  void aCertificateAndAKeyInPem() throws IOException {
    registry.open(url(file("server.crt"), "&key-store=" + pem())).set("k", VALUE);
  }

  @Test
  void aCertificateAndAKeyInAStoreWithAPassword() {
    String options = "&key-store=" + file("keystore.p12");
    String password = "-password-file=" + SERVER.trustStorePasswordFile();

    registry
        .open(
            url(SERVER.trustStore(), "&trust-store" + password + options + "&key-store" + password))
        .set("k", VALUE);
    assertThatThrownBy(() -> registry.open(url(file("server.crt"), options + "&db=other")))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("keystore.p12");
  }

  @Test
  void whoDoesNotProveWhoHeIsIsRefused() throws IOException {
    Path certificate = file("server.crt");

    assertThatThrownBy(() -> registry.open(url(certificate, ""))).isInstanceOf(NadbException.class);
    assertThatThrownBy(() -> registry.open(url(certificate, "&key-store=" + certificate)))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("has no private key");
    assertThatThrownBy(
            () -> registry.open(url(certificate, "&key-store=" + directory + "/missing.pem")))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("can't read the key store " + directory);
    Path broken = Files.writeString(directory.resolve("broken"), "-----BEGIN NOTHING-----");
    assertThatThrownBy(() -> registry.open(url(broken, "")))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("has no certificate in it");
  }

  @Test
  void aStoreThatIsOpenIsNotGivenToWhoHasNoKey() throws IOException {
    Path certificate = file("server.crt");
    registry.open(url(certificate, "&key-store=" + pem())).set("k", VALUE);

    assertThatThrownBy(() -> registry.open(url(certificate, "")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(registry.status().stores()).hasSize(1);
  }
}

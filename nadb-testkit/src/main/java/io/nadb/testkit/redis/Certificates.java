package io.nadb.testkit.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A new key and a certificate for it that it signed itself, for localhost and 127.0.0.1, made by
 * the JDK's keytool.
 *
 * @param certificate the certificate, in PEM
 * @param key the private key, in PEM
 * @param trustStore a PKCS12 file from which clients see that they may trust the certificate
 * @param password that of the trust store
 * @param passwordFile a file that holds the password
 */
record Certificates(
    Path certificate, Path key, Path trustStore, String password, Path passwordFile) {
  private static final String ALIAS = "redis";
  private static final String TYPE = "PKCS12";
  private static final int PATIENCE_SECONDS = 60;

  static Certificates create(Path directory) {
    String password = new BigInteger(130, new SecureRandom()).toString(36);
    try {
      Path secret = Files.writeString(directory.resolve("truststore.password"), password);
      Path store = directory.resolve("keystore.p12");
      generate(store, secret);
      KeyStore keys = KeyStore.getInstance(TYPE);
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, password.toCharArray());
      }
      byte[] key = keys.getKey(ALIAS, password.toCharArray()).getEncoded();
      byte[] certificate = keys.getCertificate(ALIAS).getEncoded();
      KeyStore trusted = KeyStore.getInstance(TYPE);
      trusted.load(null, null);
      trusted.setCertificateEntry(ALIAS, keys.getCertificate(ALIAS));
      Path trustStore = directory.resolve("truststore.p12");
      try (OutputStream out = Files.newOutputStream(trustStore)) {
        trusted.store(out, password.toCharArray());
      }
      return new Certificates(
          pem(directory.resolve("server.crt"), "CERTIFICATE", certificate),
          pem(directory.resolve("server.key"), "PRIVATE KEY", key),
          trustStore,
          password,
          secret);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("can't make a certificate in " + directory, e);
    }
  }

  private static void generate(Path store, Path secret) throws IOException {
    Path log = store.resolveSibling("keytool.log");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    ALIAS,
                    "-keyalg",
                    "EC",
                    "-groupname",
                    "secp256r1",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost,ip:127.0.0.1",
                    "-validity",
                    "2",
                    "-storetype",
                    TYPE,
                    "-keystore",
                    store.toString(),
                    "-storepass:file",
                    secret.toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      keytool.getOutputStream().close();
      if (!keytool.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IOException("keytool failed: " + Files.readString(log).strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    } finally {
      keytool.destroyForcibly();
    }
  }

  private static Path pem(Path file, String kind, byte[] content) throws IOException {
    String text =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
    return Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }

  /** Without the password. */
  @Override
  public String toString() {
    return certificate.toString();
  }
}

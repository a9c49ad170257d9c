package io.nadb.internal.redis;

import io.nadb.NadbException;
import io.nadb.internal.failure.Reason;
import io.nadb.internal.redis.RedisSettings.Tls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;

/**
 * Has connections encrypted: whom they trust, and how this side proves who it is. The files are
 * read at each connecting, so that they may be replaced meanwhile.
 */
final class Encryption {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String KEY = "PRIVATE KEY";
  private static final String OWN = "nadb";

  private Encryption() {}

  /**
   * Adds to a client's settings what encrypts its connections.
   *
   * @throws NadbException if a file can't be read, or is not what it should be
   */
  static void add(Tls tls, DefaultJedisClientConfig.Builder client) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(own(tls), trusted(tls), null);
      SSLParameters parameters = new SSLParameters();
      if (tls.verifyHost()) {
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
      }
      client.ssl(true).sslSocketFactory(context.getSocketFactory()).sslParameters(parameters);
    } catch (GeneralSecurityException e) {
      throw new NadbException("no encrypted connections can be made: " + Reason.of(e), e);
    }
  }

  private static TrustManager @Nullable [] trusted(Tls tls) throws GeneralSecurityException {
    if (tls.trustStore().isEmpty()) {
      return null; // Then the JVM's own are.
    }
    Path file = tls.trustStore().get();
    KeyStore store = store(file, "trust store", "trust-store", tls.trustStorePassword());
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager @Nullable [] own(Tls tls) throws GeneralSecurityException {
    if (tls.keyStore().isEmpty()) {
      return null;
    }
    Path file = tls.keyStore().get();
    KeyStore store = store(file, "key store", "key-store", tls.keyStorePassword());
    if (!hasKey(store)) {
      throw new NadbException(
          "the key store "
              + file
              + " has no private key (option key-store); in PEM, it is the client's certificate and"
              + " its key in one file, the key unencrypted, as openssl pkcs8 -topk8 -nocrypt writes"
              + " it");
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    try {
      factory.init(store, tls.keyStorePassword().orElse("").toCharArray());
    } catch (UnrecoverableKeyException e) {
      throw new NadbException(
          "can't read the private key in the key store "
              + file
              + ": is its password in the file of the option key-store-password-file? "
              + Reason.of(e),
          e);
    }
    return factory.getKeyManagers();
  }

  private static boolean hasKey(KeyStore store) throws GeneralSecurityException {
    for (String alias : Collections.list(store.aliases())) {
      if (store.isKeyEntry(alias)) {
        return true;
      }
    }
    return false;
  }

  /** Reads a file of certificates and keys: PEM, or what Java has stores in. */
  private static KeyStore store(Path file, String what, String option, Optional<String> password) {
    String name = what + " " + file + " (option " + option + ")";
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new NadbException("can't read the " + name + ": " + Reason.of(e), e);
    }
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      if (text.contains("-----BEGIN ")) {
        store.load(null, null);
        readPem(text, store, password.orElse("").toCharArray());
        if (store.size() == 0) {
          throw new NadbException("the " + name + " has no certificate in it");
        }
      } else {
        store.load(new ByteArrayInputStream(bytes), password.map(String::toCharArray).orElse(null));
      }
      return store;
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new NadbException(
          "can't read the " + name + ", as PEM, PKCS12 or JKS: " + Reason.of(e), e);
    }
  }

  private static void readPem(String text, KeyStore store, char[] password)
      throws GeneralSecurityException {
    CertificateFactory certificates = CertificateFactory.getInstance("X.509");
    List<Certificate> chain = new ArrayList<>();
    PrivateKey key = null;
    Matcher block = PEM.matcher(text);
    while (block.find()) {
      byte[] content = Base64.getMimeDecoder().decode(block.group(2));
      if (block.group(1).equals(CERTIFICATE)) {
        chain.add(certificates.generateCertificate(new ByteArrayInputStream(content)));
      } else if (block.group(1).equals(KEY)) {
        key = key(content);
      }
    }
    if (key != null && !chain.isEmpty()) {
      store.setKeyEntry(OWN, key, password, chain.toArray(new Certificate[0]));
      return;
    }
    for (int i = 0; i < chain.size(); i++) {
      store.setCertificateEntry("certificate " + i, chain.get(i));
    }
  }

  /** A key of whatever algorithm; only the right one takes it. */
  private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
    InvalidKeySpecException refusal = new InvalidKeySpecException("no key of RSA, EC or EdDSA");
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException e) {
        refusal.addSuppressed(e);
      }
    }
    throw refusal;
  }
}

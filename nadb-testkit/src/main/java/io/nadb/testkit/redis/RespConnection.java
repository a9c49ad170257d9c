package io.nadb.testkit.redis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A connection for a few commands, which speaks as much of Redis's protocol as they need. */
final class RespConnection implements AutoCloseable {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int READ_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream in;

  private RespConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /** Connects, and says the password if there is one. */
  static RespConnection open(String host, int port, Access access) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      socket.setSoTimeout(READ_MILLIS);
      socket.setTcpNoDelay(true);
      if (access.tls()) {
        socket =
            trusting(access.certificates())
                .getSocketFactory()
                .createSocket(socket, host, port, true);
      }
      RespConnection connection = new RespConnection(socket);
      String password = access.password();
      if (password != null) {
        String user = access.user();
        connection.send(user == null ? List.of("AUTH", password) : List.of("AUTH", user, password));
      }
      return connection;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static SSLContext trusting(@Nullable Certificates certificates) throws IOException {
    try {
      if (certificates == null) {
        return SSLContext.getDefault();
      }
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      try (InputStream store = Files.newInputStream(certificates.trustStore())) {
        trusted.load(store, certificates.password().toCharArray());
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("can't use the trust store of the Redis server", e);
    }
  }

  /**
   * Sends a command and returns the reply: the elements of a list, or the one that it is.
   *
   * @throws IllegalStateException if the reply is an error; it quotes the error, not the command
   */
  List<String> send(List<String> words) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(out, "*" + words.size());
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      write(out, "$" + bytes.length);
      out.write(bytes);
      write(out, "");
    }
    socket.getOutputStream().write(out.toByteArray());
    List<String> elements = new ArrayList<>();
    reply(elements);
    return elements;
  }

  private static void write(ByteArrayOutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads a reply, and flattens lists in lists. */
  private void reply(List<String> elements) throws IOException {
    String line = line();
    String rest = line.substring(1);
    switch (line.charAt(0)) {
      case '+', ':' -> elements.add(rest);
      case '-' -> throw new IllegalStateException("the Redis server answers: " + rest);
      case '$' -> elements.add(bulk(Integer.parseInt(rest)));
      case '*' -> {
        for (int left = Integer.parseInt(rest); left > 0; left--) {
          reply(elements);
        }
      }
      default -> throw new IOException("no reply of a Redis server: " + line);
    }
  }

  private String bulk(int length) throws IOException {
    if (length < 0) {
      return "";
    }
    byte[] bytes = in.readNBytes(length + 2);
    if (bytes.length < length + 2) {
      throw new EOFException("the Redis server closed the connection");
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the Redis server closed the connection");
      }
      line.write(b);
    }
    String text = line.toString(StandardCharsets.UTF_8).stripTrailing();
    if (text.isEmpty()) {
      throw new IOException("an empty line is no reply of a Redis server");
    }
    return text;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** What a client must know besides the address. */
  record Access(
      @Nullable String user,
      @Nullable String password,
      boolean tls,
      @Nullable Certificates certificates) {

    static Access of(ServerSettings settings) {
      return new Access(
          null, settings.password(), settings.certificates() != null, settings.certificates());
    }

    /** Without the password. */
    @Override
    public String toString() {
      return tls ? "TLS" : "plain";
    }
  }
}

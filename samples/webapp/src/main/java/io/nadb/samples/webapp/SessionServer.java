package io.nadb.samples.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A web server with a login. Nothing in it knows of tests: where sessions are kept is
 * configuration.
 *
 * <pre>
 * POST /login    the user's name as the body; answers with a session id
 * GET  /me       with the session id in the header X-Session; answers with the user's name, or 401
 * POST /logout   with the session id; ends all sessions of the user
 * </pre>
 */
final class SessionServer implements AutoCloseable {
  private final KeyValueStore store;
  private final Sessions sessions;
  private final HttpServer server;

  /**
   * Starts the server.
   *
   * @param url where sessions are kept, for example {@code nadb:fs:./sessions?flush=1s}
   * @param port 0 for any
   */
  SessionServer(String url, int port) throws IOException {
    store = NadbDriverManager.open(url);
    sessions = new Sessions(store);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/login", this::login);
    server.createContext("/me", this::me);
    server.createContext("/logout", this::logout);
    server.start();
  }

  /** Runs it: {@code SessionServer <url> <port>}. */
  public static void main(String[] args) throws IOException {
    SessionServer server = new SessionServer(args[0], Integer.parseInt(args[1]));
    System.out.println("listening on port " + server.port());
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void login(HttpExchange exchange) throws IOException {
    String user = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    answer(exchange, 200, sessions.begin(user));
  }

  private void me(HttpExchange exchange) throws IOException {
    String user = sessions.use(session(exchange)).orElse("");
    answer(exchange, user.isEmpty() ? 401 : 200, user);
  }

  private void logout(HttpExchange exchange) throws IOException {
    sessions.use(session(exchange)).ifPresent(sessions::endAll);
    answer(exchange, 200, "");
  }

  private static String session(HttpExchange exchange) {
    String id = exchange.getRequestHeaders().getFirst("X-Session");
    return id == null || id.isEmpty() ? "none" : id;
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    store.close();
  }
}

package io.nadb.samples.shop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A headless Chromium, moved by chromedriver in the protocol of the W3C (WebDriver). */
final class Browser implements AutoCloseable {
  private static final String REQUIRE = "nadb.test.require";
  private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
  private static final List<String> FLAGS =
      List.of(
          "--headless",
          "--no-sandbox", // Chromium refuses to be root's with it.
          "--disable-gpu",
          "--disable-quic",
          "--disable-dev-shm-usage",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private final JsonMapper json = JsonMapper.builder().build();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Process driver;
  private final String session;

  private Browser(Process driver, Path profile) {
    this.driver = driver;
    URI root = URI.create("http://localhost:" + port(driver) + "/session");
    Map<String, ?> options =
        Map.of("args", withProfile(profile), "binary", find("chromium").orElseThrow().toString());
    JsonNode made =
        post(
            root,
            Map.of("capabilities", Map.of("alwaysMatch", Map.of("goog:chromeOptions", options))));
    this.session = root + "/" + made.get("sessionId").asString();
    // How long a script that the page is asked by may take.
    post(at("timeouts"), Map.of("script", 60_000));
  }

  private static List<String> withProfile(Path profile) {
    return Stream.concat(FLAGS.stream(), Stream.of("--user-data-dir=" + profile)).toList();
  }

  /**
   * Starts one that keeps in a place what it has to, a new profile too. Where there is none, the
   * test is skipped; it fails instead if the system property {@code nadb.test.require} names {@code
   * browser}.
   */
  static Browser start(Path place) throws IOException {
    Optional<Path> driver = find("chromedriver");
    if (driver.isEmpty() || find("chromium").isEmpty()) {
      throw isMissing(
          "there are no chromium and chromedriver on the PATH; on Debian, install"
              + " chromium and chromium-driver");
    }
    ProcessBuilder builder = new ProcessBuilder(driver.get().toString(), "--port=0");
    builder.environment().put("TMPDIR", place.toString());
    return new Browser(builder.redirectErrorStream(true).start(), place.resolve("profile"));
  }

  private static RuntimeException isMissing(String reason) {
    String required = System.getProperty(REQUIRE, "");
    if (Arrays.asList(required.split(",")).contains("browser")) {
      throw new AssertionError(reason + "\nThis is a failure because " + REQUIRE + "=" + required);
    }
    System.getLogger(Browser.class.getName())
        .log(System.Logger.Level.WARNING, "Skipped: " + reason);
    return Assumptions.abort(reason);
  }

  private static Optional<Path> find(String program) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static int port(Process driver) {
    BufferedReader output = driver.inputReader(StandardCharsets.UTF_8);
    try {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        Matcher found = PORT.matcher(line);
        if (found.find()) {
          return Integer.parseInt(found.group(1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("chromedriver has ended without a word about its port");
  }

  private URI at(String command) {
    return URI.create(session + "/" + command);
  }

  void open(URI page) {
    post(at("url"), Map.of("url", page.toString()));
  }

  /** Clicks what has an id. */
  void click(String id) {
    post(at("element/" + element(id) + "/click"), Map.of());
  }

  /** The text of what has an id. */
  String text(String id) {
    return run("return document.getElementById(arguments[0]).innerText", id);
  }

  /** Waits until what has an id shows a text: the browser tells of the change that makes it so. */
  void awaitText(String id, String text) {
    JsonNode answer =
        post(
            at("execute/async"),
            Map.of(
                "script",
                "const [id, text, done] = arguments;"
                    + "const look = () => document.getElementById(id).innerText.includes(text)"
                    + " && (seen.disconnect(), done(true));"
                    + "const seen = new MutationObserver(look);"
                    + "seen.observe(document, {subtree: true, childList: true, characterData: true});"
                    + "look();",
                "args",
                List.of(id, text)));
    if (!answer.asBoolean()) {
      throw new AssertionError(id + " does not show " + text);
    }
  }

  private String run(String script, String argument) {
    return post(at("execute/sync"), Map.of("script", script, "args", List.of(argument))).asString();
  }

  private String element(String id) {
    JsonNode found = post(at("element"), Map.of("using", "css selector", "value", "#" + id));
    return found.values().iterator().next().asString();
  }

  private JsonNode post(URI uri, Map<String, ?> body) {
    return send(
        HttpRequest.newBuilder(uri)
            .POST(BodyPublishers.ofString(json.writeValueAsString(body)))
            .build());
  }

  private JsonNode send(HttpRequest request) {
    try {
      JsonNode answer = json.readTree(client.send(request, BodyHandlers.ofString()).body());
      JsonNode value = Objects.requireNonNull(answer.get("value"), "value");
      if (value.has("error")) {
        throw new AssertionError(request + ": " + value);
      }
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while the browser was busy", e);
    }
  }

  @Override
  public void close() {
    send(
        HttpRequest.newBuilder(URI.create(session))
            .DELETE()
            .build()); // Cleans up, other than a kill.
    List<ProcessHandle> all =
        Stream.concat(driver.descendants(), Stream.of(driver.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join()); // They write into the profile until then.
  }
}

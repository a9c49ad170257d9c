package io.nadb.samples.webapp;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.junit.NadbStore;
import io.nadb.testkit.Crash;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How do I test my whole application? As it is: only the URL in its configuration is the test's,
 * and with it time, faults and crashes are.
 */
class SessionServerTest {
  private static final Duration FLUSH = Duration.ofSeconds(1);

  private final HttpClient client = HttpClient.newHttpClient();

  @NadbStore private NadbHarness harness;
  @NadbStore private VirtualTime time;

  @SuppressWarnings("NullAway.Init") // by start()
  private SessionServer server;

  @BeforeEach
  void start() throws IOException {
    server = new SessionServer(harness.testUrl("nadb:fs:./sessions?flush=1s"), 0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String path, String session)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://localhost:" + server.port() + path);
    return client.send(
        request.uri(uri).header("X-Session", session).build(), BodyHandlers.ofString());
  }

  private String login(String user) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder().POST(BodyPublishers.ofString(user)), "/login", "none")
        .body();
  }

  private int statusOf(String session) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(), "/me", session).statusCode();
  }

  @Test
  void aSessionEndsHalfAnHourAfterItsLastUse() throws Exception {
    String session = login("ada");
    time.advance(Sessions.TTL.minusMillis(1));
    assertThat(statusOf(session)).isEqualTo(200);

    time.advance(Sessions.TTL.minusMillis(1));
    assertThat(statusOf(session)).isEqualTo(200);

    time.advance(Sessions.TTL);
    assertThat(statusOf(session)).isEqualTo(401);
  }

  @Test
  void loggingOutEndsAllSessionsOfTheUserAndNoOthers() throws Exception {
    String phone = login("ada");
    String desk = login("ada");
    String other = login("grace");
    send(HttpRequest.newBuilder().POST(BodyPublishers.noBody()), "/logout", phone);

    assertThat(statusOf(phone)).isEqualTo(401);
    assertThat(statusOf(desk)).isEqualTo(401);
    assertThat(statusOf(other)).isEqualTo(200);
  }

  @Test
  void aCrashLosesAtMostTheLoginsOfTheLastFlushInterval() throws Exception {
    String old = login("ada");
    time.advance(FLUSH);
    String recent = login("grace");

    assertThat(harness.crash(Crash.POWER_CUT)).lostExactly(recent).kept(old);
    server.close();
    harness.restart();
    start();

    assertThat(statusOf(old)).isEqualTo(200);
    assertThat(statusOf(recent)).isEqualTo(401);
  }
}

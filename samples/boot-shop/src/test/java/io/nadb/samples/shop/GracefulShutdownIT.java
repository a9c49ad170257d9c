package io.nadb.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM while a customer pays: the order is made, answered, and there after the restart. */
class GracefulShutdownIT {
  private final HttpClient customer =
      HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

  /** A service that keeps who wants to pay waiting. */
  private static final class SlowPayments implements AutoCloseable {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch paid = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    SlowPayments() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext(
          "/pay",
          exchange -> {
            asked.countDown();
            try {
              paid.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      server.start();
    }

    String url() {
      return "http://localhost:" + server.getAddress().getPort() + "/pay";
    }

    @Override
    public void close() {
      paid.countDown();
      server.stop(0);
      threads.shutdownNow();
    }
  }

  @Test
  void aRequestThatIsUnderWayIsAnsweredAndItsWriteIsThereAfterTheRestart(@TempDir Path data)
      throws Exception {
    try (SlowPayments payments = new SlowPayments()) {
      try (ShopProcess shop = ShopProcess.start(data, "--shop.payment-url=" + payments.url())) {
        assertThat(post(shop, "/api/cart/apple").get().body()).isEqualTo("true");
        CompletableFuture<HttpResponse<String>> order = post(shop, "/api/order");
        payments.asked.await();

        shop.terminate();
        shop.await(Pattern.compile("Commencing graceful shutdown"));
        assertThat(order).isNotDone();
        payments.paid.countDown();

        HttpResponse<String> answer = order.get();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{apple=1}");
        List<String> log = shop.rest();
        assertThat(log).noneMatch(line -> line.contains("ERROR") || line.contains("WARN"));
      }
      try (ShopProcess shop = ShopProcess.start(data)) {
        HttpResponse<String> account =
            customer.send(
                HttpRequest.newBuilder(shop.at("/api/account")).build(), BodyHandlers.ofString());
        assertThat(account.body()).contains("\"cart\":{}", "{apple=1}");
      }
    }
  }

  private CompletableFuture<HttpResponse<String>> post(ShopProcess shop, String path) {
    return customer.sendAsync(
        HttpRequest.newBuilder(shop.at(path)).POST(BodyPublishers.noBody()).build(),
        BodyHandlers.ofString());
  }
}

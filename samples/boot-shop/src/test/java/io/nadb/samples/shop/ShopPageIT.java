package io.nadb.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A customer in a browser, who is still known after the shop was started anew. */
class ShopPageIT {
  @TempDir Path data;

  @TempDir Path place;

  @Test
  void aCustomerBuysAndIsKnownAfterARestart() throws Exception {
    try (Browser browser = Browser.start(place)) {
      try (ShopProcess shop = ShopProcess.start(data)) {
        browser.open(shop.at("/"));
        browser.awaitText("message", "Welcome");
        assertThat(browser.text("products")).contains("Apple: 0.60, 3 left");

        browser.click("buy-apple");
        browser.awaitText("message", "Apple is in your cart");
        assertThat(browser.text("products")).contains("Apple: 0.60, 2 left");
        assertThat(browser.text("cart")).isEqualTo("1 × apple");
        browser.click("order");
        browser.awaitText("message", "Ordered: {apple=1}");
        browser.click("buy-pear");
        browser.awaitText("message", "Pear is in your cart");
        assertThat(figure(shop, "cache.puts?tag=cache:products")).contains("\"value\":3.0");
        assertThat(figure(shop, "nadb.store.healthy")).contains("\"value\":1.0");
        assertThat(get(shop, "/actuator/health")).contains("\"nadb\":{\"status\":\"UP\"");

        shop.terminate();
        shop.rest();
      }
      try (ShopProcess shop = ShopProcess.start(data)) {
        browser.open(shop.at("/"));
        browser.awaitText("message", "Welcome");
        assertThat(browser.text("cart")).isEqualTo("1 × pear");
        assertThat(browser.text("orders")).isEqualTo("{apple=1}");
      }
    }
  }

  private static String figure(ShopProcess shop, String name) throws Exception {
    return get(shop, "/actuator/metrics/" + name);
  }

  private static String get(ShopProcess shop, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(shop.at(path)).build(), BodyHandlers.ofString())
        .body();
  }
}

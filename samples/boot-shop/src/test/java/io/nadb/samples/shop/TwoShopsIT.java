package io.nadb.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.testkit.redis.RedisServer;
import java.net.CookieManager;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Two instances of the shop on one Redis, behind one another's back: customers notice nothing. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoShopsIT {
  private static final RedisServer REDIS = RedisServer.start();
  private static final List<ShopProcess> SHOPS = new ArrayList<>();

  /** Sends its session to both: cookies know hosts, and no ports. */
  private final HttpClient customer =
      HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

  @BeforeAll
  static void start() throws Exception {
    for (int i = 0; i < 2; i++) {
      SHOPS.add(ShopProcess.start(REDIS.url()));
    }
  }

  @AfterAll
  static void close() {
    SHOPS.forEach(ShopProcess::close);
    REDIS.close();
  }

  private HttpRequest.Builder request(int shop, String path) {
    return HttpRequest.newBuilder(SHOPS.get(shop).at(path));
  }

  private String get(int shop, String path) throws Exception {
    return customer.send(request(shop, path).build(), BodyHandlers.ofString()).body();
  }

  private CompletableFuture<String> post(int shop, String path) {
    return customer
        .sendAsync(
            request(shop, path).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString())
        .thenApply(HttpResponse::body);
  }

  @Test
  void whatIsInStockIsSoldOnceWhoeverSellsIt() throws Exception {
    get(0, "/api/account"); // From now on the customer has a session.
    List<CompletableFuture<String>> sales = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      sales.add(post(i % 2, "/api/cart/leek"));
    }
    int sold = 0;
    for (CompletableFuture<String> sale : sales) {
      sold += sale.get().equals("true") ? 1 : 0;
    }

    assertThat(sold).isEqualTo(3);
    assertThat(get(0, "/api/account")).contains("\"cart\":{\"leek\":3}");
  }

  @Test
  void whatOneHasCachedTheOtherOneForgets() throws Exception {
    get(0, "/api/products");

    assertThat(post(1, "/api/categories/fruit/changed").get()).isEqualTo("2");
    assertThat(post(0, "/api/categories/fruit/changed").get()).isEqualTo("0");
  }

  @Test
  @Order(Integer.MAX_VALUE) // Nobody starts it again.
  void aCustomerGoesOnAtTheOtherShopAlsoWhenTheFirstIsKilled() throws Exception {
    assertThat(post(0, "/api/cart/apple").get()).isEqualTo("true");
    assertThat(get(1, "/api/account")).contains("\"cart\":{\"apple\":1}");
    assertThat(get(1, "/api/products")).contains("\"left\":2");

    SHOPS.get(0).close();
    assertThat(post(1, "/api/order").get()).isEqualTo("{apple=1}");
    assertThat(get(1, "/api/account")).contains("\"cart\":{}", "{apple=1}");
  }
}

package io.nadb.samples.shop;

import jakarta.servlet.http.HttpSession;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the page asks. A customer is whoever has the session; so it says who that is. */
@RestController
@RequestMapping("/api")
class ShopApi {
  private static final String CUSTOMER = "customer";

  private final Catalogue catalogue;
  private final Carts carts;
  private final Payments payments;

  ShopApi(Catalogue catalogue, Carts carts, Payments payments) {
    this.catalogue = catalogue;
    this.carts = carts;
    this.payments = payments;
  }

  /** A product on the page. */
  record Offer(Product product, int left) {}

  /** What a customer has. */
  record Account(Map<String, Integer> cart, List<String> orders) {}

  @GetMapping("/products")
  List<Offer> products() {
    return catalogue.ids().stream()
        .map(id -> new Offer(catalogue.product(id), carts.left(id)))
        .toList();
  }

  @GetMapping("/account")
  Account account(HttpSession session) {
    String customer = customer(session);
    return new Account(carts.of(customer), carts.orders(customer));
  }

  @PostMapping("/cart/{product}")
  boolean add(@PathVariable("product") String product, HttpSession session) {
    return carts.add(customer(session), catalogue.product(product).id());
  }

  /** Paid outside of the transaction, which may run more than once. */
  @PostMapping("/order")
  String order(HttpSession session) {
    String customer = customer(session);
    Map<String, Integer> cart = carts.of(customer);
    int cents = 0;
    for (Map.Entry<String, Integer> item : cart.entrySet()) {
      cents += catalogue.product(item.getKey()).price() * item.getValue();
    }
    payments.pay(cents);
    return carts.order(customer, cart);
  }

  @PostMapping("/categories/{category}/changed")
  int changed(@PathVariable("category") String category) {
    return catalogue.forget(category);
  }

  private static String customer(HttpSession session) {
    if (session.getAttribute(CUSTOMER) == null) {
      session.setAttribute(CUSTOMER, UUID.randomUUID().toString());
    }
    return Objects.requireNonNull(session.getAttribute(CUSTOMER)).toString();
  }
}

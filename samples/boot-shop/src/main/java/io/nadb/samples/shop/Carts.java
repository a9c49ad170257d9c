package io.nadb.samples.shop;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.KeyValueStore;
import io.nadb.Transaction;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/**
 * The carts of customers, and what is left in stock. What changes together is one transaction: an
 * item is in stock or in a cart, in a cart or in an order, whatever happens.
 */
@Component
class Carts {
  private static final int STOCK = 3;

  private final KeyValueStore store;
  private final Catalogue catalogue;

  Carts(KeyValueStore store, Catalogue catalogue) {
    this.store = store;
    this.catalogue = catalogue;
    catalogue.ids().forEach(id -> store.setIfAbsent(stock(id), bytes(STOCK)));
  }

  private static String stock(String product) {
    return "stock:" + product;
  }

  private static String cart(String customer, String product) {
    return "cart:" + customer + ":" + product;
  }

  int left(String product) {
    return store.get(stock(product)).map(Carts::number).orElse(0);
  }

  /** Takes one from the stock into the cart; returns whether there was one. */
  boolean add(String customer, String product) {
    return store.transaction(
        tx -> {
          int left = number(tx, stock(product));
          if (left == 0) {
            return false;
          }
          tx.set(stock(product), bytes(left - 1));
          tx.set(cart(customer, product), bytes(number(tx, cart(customer, product)) + 1));
          return true;
        });
  }

  /** What is in a customer's cart: products and how many of them. */
  Map<String, Integer> of(String customer) {
    Map<String, Integer> items = new TreeMap<>();
    for (String product : catalogue.ids()) {
      store.get(cart(customer, product)).ifPresent(count -> items.put(product, number(count)));
    }
    return items;
  }

  /**
   * Makes an order of what was paid; the rest of the cart stays there.
   *
   * @return the order as text
   */
  String order(String customer, Map<String, Integer> paid) {
    return store.transaction(
        tx -> {
          paid.forEach((product, count) -> take(tx, cart(customer, product), count));
          int number = number(tx, "orders:" + customer) + 1;
          tx.set("orders:" + customer, bytes(number));
          tx.set("order:" + customer + ":" + number, paid.toString().getBytes(UTF_8));
          return paid.toString();
        });
  }

  private static void take(Transaction tx, String cart, int count) {
    int left = number(tx, cart) - count;
    if (left < 0) {
      throw new IllegalStateException("paid for more than is in the cart");
    }
    if (left == 0) {
      tx.delete(cart);
    } else {
      tx.set(cart, bytes(left));
    }
  }

  /** All that a customer has ordered, in no particular order. */
  List<String> orders(String customer) {
    return store.keys("order:" + customer + ":").stream()
        .flatMap(key -> store.get(key).stream())
        .map(text -> new String(text, UTF_8))
        .toList();
  }

  private static int number(Transaction tx, String key) {
    return tx.get(key).map(Carts::number).orElse(0);
  }

  private static int number(byte[] text) {
    return Integer.parseInt(new String(text, UTF_8));
  }

  private static byte[] bytes(int number) {
    return Integer.toString(number).getBytes(UTF_8);
  }
}

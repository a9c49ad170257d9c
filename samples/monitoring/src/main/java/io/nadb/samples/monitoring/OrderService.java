package io.nadb.samples.monitoring;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.SetOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Takes orders, some more than others, and keeps them; a cart is forgotten after a while. Nothing
 * in it knows that it is watched.
 */
public final class OrderService implements AutoCloseable {
  private static final int MAX_ORDERS_AT_ONCE = 40;
  private static final int MAX_ITEMS = 60;

  private final KeyValueStore orders;
  private final KeyValueStore carts;
  private final Random random = new Random(7);
  private int number;

  /** Opens its stores in a directory. */
  public OrderService(String directory) {
    orders =
        NadbDriverManager.open("nadb:fs:" + directory + "/orders?name=orders&buffer=64kb&flush=3s");
    carts =
        NadbDriverManager.open("nadb:fs:" + directory + "/carts?name=carts&buffer=128kb&flush=7s");
  }

  /** Lets some customers come. */
  public void work() {
    int count = random.nextInt(MAX_ORDERS_AT_ONCE);
    for (int i = 0; i < count; i++) {
      String customer = "customer:" + random.nextInt(1000);
      byte[] items = "apples ".repeat(1 + random.nextInt(MAX_ITEMS)).getBytes(UTF_8);
      carts.set(customer, items, SetOptions.ttl(Duration.ofMinutes(2)));
      if (random.nextInt(3) == 0) {
        orders.set("order:" + number++, items, SetOptions.tags("open"));
        carts.get(customer);
      }
    }
  }

  @Override
  public void close() {
    orders.close();
    carts.close();
  }

  /** Runs it until the standard input ends: {@code OrderService <directory>}. */
  public static void main(String[] arguments) throws IOException {
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    try (OrderService service = new OrderService(arguments[0])) {
      ScheduledFuture<?> work =
          timer.scheduleAtFixedRate(service::work, 0, 50, TimeUnit.MILLISECONDS);
      System.out.println("takes orders as process " + ProcessHandle.current().pid());
      while (System.in.read() >= 0) {
        // What is typed does not matter; the end does.
      }
      work.cancel(false);
    } finally {
      timer.shutdownNow();
    }
  }
}

package io.nadb.benchmarks.redis;

import io.lettuce.core.RedisException;
import io.nadb.NadbException;
import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.data.Values;
import io.nadb.testkit.redis.RedisServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.HdrHistogram.Histogram;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The command {@code benchmarks/run --redis-threads}: sets and gets by more and more threads, by
 * NADB, by Jedis and by Lettuce, in turns against one server.
 */
public final class ThreadsBenchmark {
  private static final int[] THREADS = {1, 8, 32, 200};
  private static final int KEYS = 10_000;
  private static final int VALUE_BYTES = 100;
  private static final int ROUNDS = 3;

  private final Values values = new Values(VALUE_BYTES);
  private final long nanos;

  private ThreadsBenchmark(long nanos) {
    this.nanos = nanos;
  }

  /**
   * What came of a round.
   *
   * @param perSecond how many calls were answered in a second
   * @param p99 of a hundred calls, all but one took at most so many milliseconds
   * @param failed how many calls were not answered
   */
  private record Figure(double perSecond, double p99, long failed) {}

  /**
   * Measures; returns the section of the page.
   *
   * @param millis how long a round takes
   */
  public static String run(String how, int millis) throws InterruptedException {
    try (RedisServer server = RedisServer.start()) {
      List<Client> clients = Client.all(server);
      try {
        return new ThreadsBenchmark(millis * 1_000_000L)
            .measure(how + "\n- " + server.origin(), clients);
      } finally {
        clients.forEach(Client::close);
      }
    }
  }

  private String measure(String how, List<Client> clients) throws InterruptedException {
    StringBuilder rows = new StringBuilder();
    double[] of32 = new double[clients.size()];
    for (Client client : clients) {
      for (int i = 0; i < KEYS; i++) {
        client.set(Keys.of(i), values.of(i, 0));
      }
    }
    for (int threads : THREADS) {
      List<List<Figure>> figures = new ArrayList<>();
      clients.forEach(client -> figures.add(new ArrayList<>()));
      for (int round = 0; round <= ROUNDS; round++) {
        for (int i = 0; i < clients.size(); i++) {
          Figure figure = round(clients.get(i), threads);
          if (round > 0) { // The first one warms up.
            figures.get(i).add(figure);
          }
        }
      }
      rows.append("| ").append(threads);
      for (int i = 0; i < clients.size(); i++) {
        double perSecond = median(figures.get(i).stream().mapToDouble(Figure::perSecond).toArray());
        double p99 = median(figures.get(i).stream().mapToDouble(Figure::p99).toArray());
        long failed = figures.get(i).stream().mapToLong(Figure::failed).sum();
        rows.append(String.format(Locale.ROOT, " | %,.0f | %.2f", perSecond, p99));
        rows.append(failed == 0 ? "" : " (" + failed + " failed)");
        if (threads == 32) {
          of32[i] = perSecond;
        }
      }
      rows.append(" |\n");
    }
    double ratio = of32[0] / of32[2];
    return "## Many threads\n\n"
        + "Sets and gets of "
        + VALUE_BYTES
        + " bytes by turns, each thread as fast as it is answered: calls in a second, and the 99th"
        + " percentile of how long a call takes, in milliseconds; the median of "
        + ROUNDS
        + " rounds. NADB has its default of 8 connections, and its set keeps times and looks at the"
        + " old entry's indexes; by hand, it is one `HSET` of one field.\n\n- "
        + how
        + "\n\n"
        + String.format(
            Locale.ROOT,
            "32 threads, nadb beside Lettuce on one connection: at least as fast is the target,"
                + " %.2f × is measured (%s).%n%n",
            ratio,
            ratio >= 1 ? "met" : "**not met**")
        + header(clients)
        + rows;
  }

  private static String header(List<Client> clients) {
    StringBuilder header = new StringBuilder("| threads");
    clients.forEach(c -> header.append(" | ").append(c.label()).append(", calls/s | its p99"));
    return header + " |\n|--:" + "|--:|--:".repeat(clients.size()) + "|\n";
  }

  private static double median(double[] figures) {
    Arrays.sort(figures);
    return figures[figures.length / 2];
  }

  private Figure round(Client client, int threads) throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(threads);
    CountDownLatch go = new CountDownLatch(1);
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      workers.add(new Worker(client, i, ready, go));
    }
    workers.forEach(Thread::start);
    ready.await();
    long begun = System.nanoTime();
    go.countDown();
    Histogram all = new Histogram(3);
    long failed = 0;
    for (Worker worker : workers) {
      worker.join();
      all.add(worker.latencies);
      failed += worker.failed;
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    return new Figure(all.getTotalCount() / seconds, all.getValueAtPercentile(99) / 1e6, failed);
  }

  /** A thread that sets and gets. */
  private final class Worker extends Thread {
    private final Client client;
    private final SplittableRandom random;
    private final CountDownLatch ready;
    private final CountDownLatch go;
    private final Histogram latencies = new Histogram(3);
    private long failed;

    Worker(Client client, int number, CountDownLatch ready, CountDownLatch go) {
      this.client = client;
      this.random = new SplittableRandom(number);
      this.ready = ready;
      this.go = go;
    }

    @Override
    public void run() {
      ready.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      long end = System.nanoTime() + nanos;
      long begun = System.nanoTime();
      while (begun < end) {
        int key = random.nextInt(KEYS);
        boolean answered = call(key);
        long now = System.nanoTime();
        if (answered) {
          latencies.recordValue(now - begun);
        } else {
          failed++;
        }
        begun = now;
      }
    }

    private boolean call(int key) {
      byte[] value = values.of(key, 0);
      try {
        if (random.nextBoolean()) {
          client.set(Keys.of(key), value);
        } else if (!Arrays.equals(client.get(Keys.of(key)), value)) {
          throw new IllegalStateException("something else was read than was written");
        }
        return true;
      } catch (NadbException | JedisException | RedisException e) {
        return false;
      }
    }
  }
}

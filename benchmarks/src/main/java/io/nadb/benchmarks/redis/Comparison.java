package io.nadb.benchmarks.redis;

import io.nadb.testkit.redis.RedisServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The same work done in several ways, in turns, in one JVM against one server.
 *
 * @param title what the work is
 * @param description how it is done by whom
 * @param contestants who does it; the first is NADB
 * @param repetitions how often it is done in a round
 * @param operations how many operations one piece of work has
 * @param target how many times as long as the second contestant's NADB's may take at most, or, if
 *     it is below 1, has to be faster; or {@link #NO_TARGET}
 */
record Comparison(
    String title,
    String description,
    List<Contestant> contestants,
    int repetitions,
    int operations,
    double target) {

  /** For work that is shown, and has no figure to reach. */
  static final double NO_TARGET = 0;

  Comparison {
    contestants = List.copyOf(contestants);
  }

  /**
   * What came of it for one contestant.
   *
   * @param label the contestant
   * @param micros how long an operation took, the median of the rounds
   * @param commands how many commands the server was sent for one, those inside scripts left out
   */
  record Figure(String label, double micros, double commands) {}

  /** Measures; a round that does not count comes first. */
  List<Figure> measure(RedisServer server, int rounds) {
    List<List<Double>> micros = new ArrayList<>();
    contestants.forEach(each -> micros.add(new ArrayList<>()));
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < contestants.size(); i++) {
      order.add(i);
      round(contestants.get(i));
    }
    for (int round = 0; round < rounds; round++) {
      for (int i : order) {
        micros.get(i).add(round(contestants.get(i)));
      }
      Collections.rotate(order, 1);
    }
    List<Figure> figures = new ArrayList<>();
    for (int i = 0; i < contestants.size(); i++) {
      double[] sorted = micros.get(i).stream().mapToDouble(Double::doubleValue).sorted().toArray();
      Contestant each = contestants.get(i);
      each.work().run(0); // A connection that has rested is tried first; that is not counted.
      double commands = CommandCount.of(server, () -> each.work().run(0)) / (double) operations;
      figures.add(new Figure(each.label(), sorted[sorted.length / 2], commands));
    }
    return figures;
  }

  /** Returns the median of what an operation took in each piece of work, in microseconds. */
  private double round(Contestant contestant) {
    double[] micros = new double[repetitions];
    for (int i = 0; i < repetitions; i++) {
      long start = System.nanoTime();
      contestant.work().run(i);
      micros[i] = (System.nanoTime() - start) / 1e3 / operations;
    }
    Arrays.sort(micros);
    return micros[repetitions / 2];
  }
}

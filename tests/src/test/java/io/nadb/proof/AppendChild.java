package io.nadb.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.ConflictException;
import io.nadb.KeyValueStore;
import io.nadb.NadbConnectionException;
import io.nadb.NadbTimeoutException;
import io.nadb.StoreRegistry;
import io.nadb.Transaction;
import io.nadb.proof.AppendHistory.Op;
import io.nadb.proof.AppendHistory.Outcome;
import io.nadb.proof.AppendHistory.Txn;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A process whose threads read lists of a store and append to them, and say what came of it. */
final class AppendChild {
  private static final int KEYS_AT_A_TIME = 3;
  private static final int TRANSACTIONS_PER_KEY = 30;

  private final KeyValueStore store;
  private final SplittableRandom random;
  private long number;

  private AppendChild(KeyValueStore store, long seed, long firstNumber) {
    this.store = store;
    this.random = new SplittableRandom(seed);
    this.number = firstNumber;
  }

  /**
   * Arguments: the URL, the seed, which process this is, how many threads, how many transactions
   * each. Lines: the first one when the store is open; then, once the standard input has ended,
   * {@link Txn#toLine}.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    long seed = Long.parseLong(arguments[1]);
    int process = Integer.parseInt(arguments[2]);
    int transactions = Integer.parseInt(arguments[4]);
    List<Thread> threads = new ArrayList<>();
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store = registry.open(arguments[0])) {
      System.out.println("open");
      System.in.transferTo(OutputStream.nullOutputStream());
      for (int i = 0; i < Integer.parseInt(arguments[3]); i++) {
        long id = 100L * process + i;
        AppendChild child = new AppendChild(store, seed + id, id * 1_000_000);
        threads.add(new Thread(() -> child.run(transactions)));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private void run(int transactions) {
    for (int i = 0; i < transactions; i++) {
      int window = i / TRANSACTIONS_PER_KEY;
      switch (random.nextInt(6)) {
        case 0 -> single(key(window));
        case 1 -> compute(key(window));
        case 2 -> byHand(window);
        default -> managed(window);
      }
    }
  }

  private String key(int window) {
    return "list" + (window + random.nextInt(KEYS_AT_A_TIME));
  }

  private static synchronized void say(long begun, Outcome outcome, List<Op> ops) {
    System.out.println(new Txn(begun, System.nanoTime(), outcome, ops).toLine());
  }

  private static List<Long> list(Optional<byte[]> value) {
    return Txn.numbers(value.map(bytes -> new String(bytes, UTF_8)).orElse(""));
  }

  private static byte[] appended(Optional<byte[]> value, long number) {
    return (value.map(bytes -> new String(bytes, UTF_8)).orElse("") + number + ",").getBytes(UTF_8);
  }

  /** What an exception tells of what was to be done. */
  private static Outcome outcome(RuntimeException e) {
    if (e instanceof NadbConnectionException lost) {
      return lost.inDoubt() ? Outcome.UNKNOWN : Outcome.FAILED;
    } else if (e instanceof NadbTimeoutException late) {
      return late.inDoubt() ? Outcome.UNKNOWN : Outcome.FAILED;
    } else if (e instanceof ConflictException) {
      return Outcome.FAILED;
    }
    throw e;
  }

  private void single(String key) {
    long begun = System.nanoTime();
    try {
      List<Long> read = list(store.get(key));
      say(begun, Outcome.COMMITTED, List.of(Op.read(key, read)));
    } catch (NadbConnectionException | NadbTimeoutException e) {
      // It has seen nothing.
    }
  }

  private void compute(String key) {
    long begun = System.nanoTime();
    long mine = ++number;
    List<Op> ops = new ArrayList<>();
    Outcome outcome = Outcome.COMMITTED;
    try {
      store.compute(
          key,
          value -> {
            ops.clear();
            ops.add(Op.read(key, list(value)));
            ops.add(Op.append(key, mine));
            return Optional.of(appended(value, mine));
          });
    } catch (NadbConnectionException | NadbTimeoutException e) {
      outcome = outcome(e);
    }
    say(begun, outcome, ops);
  }

  private void byHand(int window) {
    long begun = System.nanoTime();
    List<Op> ops = new ArrayList<>();
    Outcome outcome = Outcome.COMMITTED;
    try (Transaction transaction = store.begin()) {
      readAndAppend(transaction, window, ops);
      transaction.commit();
    } catch (NadbConnectionException | NadbTimeoutException | ConflictException e) {
      outcome = outcome(e);
    }
    say(begun, outcome, ops);
  }

  /**
   * Each attempt is a transaction of its own: what came before the last one must leave no trace.
   */
  private void managed(int window) {
    long[] begun = {System.nanoTime()};
    List<Op> ops = new ArrayList<>();
    Outcome outcome = Outcome.COMMITTED;
    try {
      store.<@Nullable Object>transaction(
          transaction -> {
            if (!ops.isEmpty()) {
              say(begun[0], Outcome.FAILED, ops);
              begun[0] = System.nanoTime();
              ops.clear();
            }
            readAndAppend(transaction, window, ops);
            return null;
          });
    } catch (NadbConnectionException | NadbTimeoutException | ConflictException e) {
      outcome = outcome(e);
    }
    say(begun[0], outcome, ops);
  }

  private void readAndAppend(Transaction transaction, int window, List<Op> ops) {
    for (int steps = random.nextInt(1, 5); steps > 0; steps--) {
      String key = key(window);
      Optional<byte[]> value = transaction.get(key);
      ops.add(Op.read(key, list(value)));
      if (random.nextBoolean()) {
        long mine = ++number;
        ops.add(Op.append(key, mine));
        transaction.set(key, appended(value, mine));
      }
    }
  }
}

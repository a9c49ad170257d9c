package io.nadb.proof;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A process that writes until it is killed, and says on its standard output how far it has come.
 */
final class KillChild {

  private KillChild() {}

  /**
   * Arguments: the URL, the seed, how many threads. Lines: S thread number (begun), A thread number
   * (acknowledged as lasting). Each thread has a namespace of its own.
   */
  public static void main(String[] arguments) throws InterruptedException {
    long seed = Long.parseLong(arguments[1]);
    try (StoreRegistry registry = StoreRegistry.create()) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
        int number = i;
        KeyValueStore store = registry.open(arguments[0] + "&namespace=t" + number);
        boolean buffered = arguments[0].contains("buffered");
        threads.add(new Thread(() -> write(store, number, new Random(seed + number), buffered)));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private static void write(KeyValueStore store, int thread, Random random, boolean buffered) {
    StoreModel model = new StoreModel();
    Load load = new Load(random, 40, 5000);
    say("S", thread, 0);
    store.clear();
    say("A", thread, 0);
    for (int i = 1; ; i++) {
      Load.Write write = load.nextWithoutTtl(model, Instant.EPOCH);
      say("S", thread, i);
      write.to(store);
      if (buffered && i % 10 == 0) {
        store.flush();
      }
      if (!buffered || i % 10 == 0) {
        say("A", thread, i);
      }
    }
  }

  private static void say(String what, int thread, int number) {
    System.out.print(what + " " + thread + " " + number + ".\n");
    System.out.flush();
  }
}

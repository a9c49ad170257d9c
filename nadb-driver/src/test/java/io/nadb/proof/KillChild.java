package io.nadb.proof;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import java.time.Instant;
import java.util.Random;

/**
 * A process that writes until it is killed, and says on its standard output how far it has come.
 */
final class KillChild {

  private KillChild() {}

  /** Arguments: the URL, the seed. Lines: S number (begun), A number (acknowledged as lasting). */
  public static void main(String[] arguments) {
    Random random = new Random(Long.parseLong(arguments[1]));
    StoreModel model = new StoreModel();
    Load load = new Load(random, 40, 5000);
    boolean buffered = arguments[0].contains("buffered");
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store = registry.open(arguments[0])) {
      say("S", 0);
      store.clear();
      say("A", 0);
      for (int i = 1; ; i++) {
        Load.Write write = load.nextWithoutTtl(model, Instant.EPOCH);
        say("S", i);
        write.to(store);
        if (buffered && i % 10 == 0) {
          store.flush();
        }
        if (!buffered || i % 10 == 0) {
          say("A", i);
        }
      }
    }
  }

  private static void say(String what, int number) {
    System.out.print(what + " " + number + ".\n");
    System.out.flush();
  }
}

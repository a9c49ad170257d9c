package io.nadb.proof;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/** Random writes, done to a store and to a model alike. */
final class Load {
  private static final String[] TAGS = {"red", "green", "blue", "große"};

  private final Random random;
  private final int keys;
  private final int maxValue;

  Load(Random random, int keys, int maxValue) {
    this.random = random;
    this.keys = keys;
    this.maxValue = maxValue;
  }

  /** One write, to be done to whatever holds entries. */
  interface Write {
    void to(KeyValueStore store);
  }

  /** All keys that may ever be written. */
  Set<String> universe() {
    Set<String> all = new HashSet<>();
    for (int i = 0; i < keys; i++) {
      all.add(key(i));
    }
    return all;
  }

  private static String key(int number) {
    return number % 7 == 0 ? "schlüssel:" + number : "key:" + number;
  }

  /** Does a write to the model; returns it, to be done to the store. */
  Write next(StoreModel model, Instant now) {
    return next(model, now, true);
  }

  /** The same without expiry, for tests on the machine's own time. */
  Write nextWithoutTtl(StoreModel model, Instant now) {
    return next(model, now, false);
  }

  private Write next(StoreModel model, Instant now, boolean expires) {
    String key = key(random.nextInt(keys));
    if (random.nextInt(5) == 0) {
      boolean expected = model.delete(key, now);
      return store -> {
        if (store.delete(key) != expected) {
          throw new AssertionError("delete of " + key + " should have returned " + expected);
        }
      };
    }
    byte[] value = value();
    SetOptions options = options(expires);
    model.set(key, value, options, now);
    byte[] mine = value.clone();
    return store -> {
      store.set(key, mine, options);
      Arrays.fill(mine, (byte) 0); // Values are copied.
    };
  }

  private byte[] value() {
    byte[] value =
        new byte[random.nextInt(10) == 0 ? random.nextInt(maxValue) : random.nextInt(60)];
    random.nextBytes(value);
    if (random.nextBoolean()) {
      Arrays.fill(value, (byte) 'x');
    }
    return value;
  }

  private SetOptions options(boolean expires) {
    SetOptions options = SetOptions.none();
    switch (random.nextInt(4)) {
      case 0 -> options = options.withTags(TAGS[random.nextInt(4)]);
      case 1 -> options = options.withTags(TAGS[random.nextInt(4)], TAGS[random.nextInt(4)]);
      case 2 -> options = options.keepingTags();
      default -> {}
    }
    return switch (expires ? random.nextInt(4) : 3) {
      case 0 -> options.withTtl(Duration.ofSeconds(1 + random.nextInt(100)));
      case 1 -> options.keepingTtl();
      default -> options;
    };
  }
}

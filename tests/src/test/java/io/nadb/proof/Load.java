package io.nadb.proof;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

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
    switch (random.nextInt(expires ? 12 : 10)) {
      case 0 -> {
        return transaction(model, now, expires);
      }
      case 1 -> {
        return conditional(key, model, now, expires);
      }
      case 10, 11 -> {
        return touch(key, model, now);
      }
      default -> {}
    }
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

  /** A change that depends on what is there. */
  private Write conditional(String key, StoreModel model, Instant now, boolean expires) {
    Optional<byte[]> before = model.get(key, now);
    byte[] value = value();
    SetOptions keeping = SetOptions.none().keepingTags().keepingTtl();
    SetOptions options = options(expires);
    switch (random.nextInt(6)) {
      case 0 -> {
        if (before.isEmpty()) {
          model.set(key, value, options, now);
        }
        return expecting(before.isEmpty(), store -> store.setIfAbsent(key, value, options));
      }
      case 1 -> {
        if (before.isPresent()) {
          model.set(key, value, options, now);
        }
        return expecting(before.isPresent(), store -> store.setIfPresent(key, value, options));
      }
      case 2 -> {
        byte[] expected = before.filter(v -> random.nextBoolean()).orElse(value);
        boolean same = before.filter(v -> Arrays.equals(v, expected)).isPresent();
        if (same) {
          model.set(key, value, keeping, now);
        }
        return expecting(same, store -> store.replace(key, expected, value));
      }
      case 3 -> {
        model.set(key, value, options, now);
        return expecting(hash(before), store -> hash(store.getAndSet(key, value, options)));
      }
      case 4 -> {
        model.delete(key, now);
        return expecting(hash(before), store -> hash(store.getAndDelete(key)));
      }
      default -> {
        model.set(key, value, keeping, now);
        return expecting(
            hash(Optional.of(value)), store -> hash(store.compute(key, v -> Optional.of(value))));
      }
    }
  }

  /** Another expiry time, mostly of what was written long ago. */
  private Write touch(String key, StoreModel model, Instant now) {
    Duration ttl = Duration.ofSeconds(1 + random.nextInt(100));
    return expecting(model.touch(key, ttl, now), store -> store.touch(key, ttl));
  }

  private static String hash(Optional<byte[]> value) {
    return value.map(Arrays::hashCode).map(Object::toString).orElse("none");
  }

  private static <T> Write expecting(T expected, Function<KeyValueStore, T> change) {
    return store -> {
      T answer = change.apply(store);
      if (!expected.equals(answer)) {
        throw new AssertionError("the answer should have been " + expected + ", not " + answer);
      }
    };
  }

  /** Several writes at once. */
  private Write transaction(StoreModel model, Instant now, boolean expires) {
    List<Consumer<Transaction>> writes = new ArrayList<>();
    Set<String> written = new HashSet<>();
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      String key = key(random.nextInt(keys));
      if (!written.add(key)) {
        continue; // What several writes of a key in one transaction come to has its own tests.
      }
      if (random.nextInt(4) == 0) {
        model.delete(key, now);
        writes.add(transaction -> transaction.delete(key));
      } else {
        byte[] value = value();
        SetOptions options = options(expires);
        model.set(key, value, options, now);
        writes.add(transaction -> transaction.set(key, value, options));
      }
    }
    return store ->
        store.transaction(
            transaction -> {
              writes.forEach(write -> write.accept(transaction));
              return true;
            });
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

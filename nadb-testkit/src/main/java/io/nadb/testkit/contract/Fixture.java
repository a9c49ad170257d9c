package io.nadb.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.Operation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/** What the parts of the contract work on. */
interface Fixture {

  /** The world of the test. */
  NadbHarness harness();

  /** Whether the backend declares that it can do something. */
  boolean can(Capability capability);

  /** Opens a new location with these options. */
  KeyValueStore open(String... options);

  /** The URL by which a store was opened. */
  String urlOf(KeyValueStore store);

  /** Opens another namespace of a new location's store. */
  KeyValueStore openNamespace(KeyValueStore store, String namespace);

  /** The store of the test, on which nothing happens by itself: {@code flush=off&sweep=off}. */
  KeyValueStore store();

  /** From now on {@link #store()} is one of a new location. */
  void begin();

  /** Opens another namespace of {@link #store()}. */
  default KeyValueStore namespace(String name) {
    return openNamespace(store(), name);
  }

  /** Opens another database of {@link #store()}. */
  KeyValueStore openDatabase(String name);

  /** Lets time pass. */
  default void pass(Duration duration) {
    harness().time().advance(duration);
  }

  /** The time, as the store sees it. */
  default Instant now() {
    return harness().time().now();
  }

  /** From now on no cut can be flushed. */
  default void fail(String message) {
    harness().faults().on(Operation.APPLY).always().fail(new IOException(message));
  }

  /** All works again. */
  default void heal() {
    harness().faults().heal();
  }

  /** Where what has been written is when the test goes on. */
  enum Place {
    /** In the active buffer. */
    BUFFERED,
    /** In a cut that could not be flushed; the backend goes on failing. */
    SEALED,
    /** In the backend, and nowhere else. */
    FLUSHED;

    /** Brings all that has been written here. */
    void settle(Fixture fixture) {
      switch (this) {
        case BUFFERED -> {}
        case SEALED -> {
          fixture.fail("no space left on device");
          assertThatThrownBy(() -> fixture.store().flush()).isInstanceOf(NadbException.class);
        }
        case FLUSHED -> fixture.store().flush();
      }
    }
  }

  /** Runs a test for each place where what it has written may be, each time on a new store. */
  default void wherever(Consumer<Place> test) {
    for (Place place : Place.values()) {
      if (place != Place.SEALED || can(Capability.BUFFER)) {
        begin();
        test.accept(place);
        heal();
      }
    }
  }

  /** The same, without the place from which nothing can be flushed. */
  default void whereverItIsSound(Consumer<Place> test) {
    for (Place place : new Place[] {Place.BUFFERED, Place.FLUSHED}) {
      begin();
      test.accept(place);
    }
  }

  /**
   * The same, for changes that depend on what is there. A backend that decides them itself, since
   * others write to it, too, gets all that is buffered first: where nothing can be flushed, nothing
   * is changed.
   */
  default void whereverItMayChange(Consumer<Place> test) {
    if (changesPassTheBuffer()) {
      whereverItIsSound(test);
    } else {
      wherever(test);
    }
  }

  /** Whether there is a buffer, and changes that depend on what is there are not made in it. */
  default boolean changesPassTheBuffer() {
    return can(Capability.BUFFER) && !can(Capability.BUFFERED_CHANGES);
  }

  /** Expects so many keys in a store's location, if the backend counts them. */
  default void expectKeys(KeyValueStore store, long expected) {
    if (can(Capability.KEY_COUNT)) {
      assertThat(store.stats().keys()).isEqualTo(expected);
    }
  }

  /** A value. */
  static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  /** Bytes that can't be compressed, always the same. */
  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  /** A value as text. */
  static String text(byte[] value) {
    return new String(value, UTF_8);
  }

  /** A key's value as text. */
  static Optional<String> text(KeyValueStore store, String key) {
    return store.get(key).map(value -> new String(value, UTF_8));
  }

  /** Sets several keys to the same value. */
  static void setAll(KeyValueStore store, String... keys) {
    Arrays.stream(keys).forEach(key -> store.set(key, utf8("v")));
  }
}

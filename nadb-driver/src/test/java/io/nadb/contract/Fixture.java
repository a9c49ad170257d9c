package io.nadb.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.testing.Faults;
import io.nadb.testing.ManualTime;
import java.time.Duration;
import java.time.Instant;

/** What the contracts work on. Public methods, since interfaces have no others. */
public interface Fixture {

  /** The registry's time. */
  ManualTime time();

  /** The registry, with nothing open. */
  StoreRegistry registry();

  /** What the backend of this test's location does wrong. */
  Faults faults();

  /** This test's location, without options. */
  String url();

  /** The location opened with {@code flush=off&sweep=off}: nothing happens by itself. */
  KeyValueStore store();

  /** Opens the location with options, as a URL has them after the question mark. */
  default KeyValueStore open(String options) {
    return registry().open(url() + "?" + options);
  }

  /** Opens another namespace of {@link #store()}. */
  default KeyValueStore namespace(String name) {
    return registry()
        .open(url(), java.util.Map.of("namespace", name, "flush", "off", "sweep", "off"));
  }

  /** Lets time pass. */
  default void pass(Duration duration) {
    time().advance(duration);
  }

  /** The time, as the store sees it. */
  default Instant now() {
    return time().now();
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
          fixture.faults().fail("no space left on device");
          assertThatThrownBy(() -> fixture.store().flush()).isInstanceOf(NadbException.class);
        }
        case FLUSHED -> fixture.store().flush();
      }
    }
  }
}

package io.nadb.junit;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;

/** What the tests of injection share. */
abstract class Injection {
  static final byte[] VALUE = "v".getBytes(UTF_8);

  /** Fails if an earlier test has been here. */
  static void expectNew(KeyValueStore store) {
    assertThat(store).isEmpty().hasNotFlushed();
    store.set("seen", VALUE);
  }
}

package io.nadb.testkit;

import java.util.function.Consumer;
import org.assertj.core.api.AbstractSoftAssertions;

/**
 * Assertions on stores, all of which are made before any fails the test.
 *
 * <pre>{@code
 * NadbSoftAssertions.assertSoftly(softly -> {
 *   softly.assertThat(store).hasSize(2).hasEmptyBuffer();
 *   softly.assertThatKey(store, "otp:7").hasTags("auth").isPersisted();
 * });
 * }</pre>
 *
 * @since 0.1.0
 */
public class NadbSoftAssertions extends AbstractSoftAssertions
    implements NadbSoftAssertionsProvider {

  /** Begins with nothing asserted; {@link #assertAll()} is to be called at the end. */
  public NadbSoftAssertions() {}

  /**
   * Makes assertions, and fails afterwards if any of them did.
   *
   * @throws AssertionError with all failures
   */
  public static void assertSoftly(Consumer<NadbSoftAssertions> assertions) {
    NadbSoftAssertions softly = new NadbSoftAssertions();
    assertions.accept(softly);
    softly.assertAll();
  }
}

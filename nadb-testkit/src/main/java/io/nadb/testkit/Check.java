package io.nadb.testkit;

/**
 * What is looked at when a {@link NadbHarness} is closed; a finding fails the test.
 *
 * @since 0.1.0
 */
public enum Check {
  /** Handles, threads and files that were left open. */
  LEAKS,
  /** Faults that never fired. */
  UNFIRED_FAULTS
}

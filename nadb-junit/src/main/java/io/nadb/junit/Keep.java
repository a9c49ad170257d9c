package io.nadb.junit;

/**
 * When the directory of a test is kept.
 *
 * @since 0.1.0
 */
public enum Keep {
  /** Never. */
  NEVER,
  /** When the test fails, or leaves something behind. */
  ON_FAILURE,
  /** Always. */
  ALWAYS
}

package io.nadb.junit;

/** When the directory of a test is kept. */
public enum Keep {
  /** Never. */
  NEVER,
  /** When the test fails, or leaves something behind. */
  ON_FAILURE,
  /** Always. */
  ALWAYS
}

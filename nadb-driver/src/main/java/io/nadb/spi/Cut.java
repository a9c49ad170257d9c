package io.nadb.spi;

import java.util.Map;

/**
 * All that a flush writes: the latest write of each key up to a sequence number. A backend applies
 * it whole or not at all.
 */
public interface Cut {

  /** All writes up to and including this one are in this cut or in an earlier one. */
  long sequence();

  /** How many keys are in here. */
  int size();

  /** The writes, by namespace and key. */
  Map<String, ? extends Map<String, Write>> writes();
}

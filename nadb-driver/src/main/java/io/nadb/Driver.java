package io.nadb;

import java.util.List;

/**
 * What a user can know of an installed backend. Backends implement {@code io.nadb.spi.NadbDriver},
 * which adds how to open a store.
 */
public interface Driver {

  /** The word after {@code nadb:} that selects this driver: lower-case letters and digits. */
  String scheme();

  /** The options that the driver accepts, with their defaults. */
  List<OptionDescription> describe();
}

package io.nadb;

/**
 * An installed backend, as users see it. Backends implement {@code io.nadb.spi.NadbDriver}, which
 * adds how to open a store; {@link StoreRegistry#describe} tells the options.
 *
 * @since 0.1.0
 */
public interface Driver {

  /** The word after {@code nadb:} that selects this driver: lower-case letters and digits. */
  String scheme();
}

package io.nadb.jmx;

/**
 * What may be done through MBeans.
 *
 * @since 0.1.0
 */
public enum Access {
  /** There are none. */
  NONE,
  /** Figures can be read. */
  READ,
  /** Operations may be called, too. */
  WRITE
}

package io.nadb.jmx;

/** What may be done through MBeans. */
public enum Access {
  /** There are none. */
  NONE,
  /** Figures can be read. */
  READ,
  /** Operations may be called, too. */
  WRITE
}

package io.nadb.benchmarks.store;

/** When a write has to be durable. */
public enum Discipline {
  /** After {@link Store#flush}: for filling a store, and for the cost of a write by itself. */
  AT_FLUSH,
  /** There is an fsync for each megabyte of keys and values. */
  PER_MEGABYTE,
  /** Before {@link Store#set} returns. */
  EACH
}

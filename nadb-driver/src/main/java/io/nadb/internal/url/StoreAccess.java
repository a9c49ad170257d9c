package io.nadb.internal.url;

/** What a store is opened for. */
public enum StoreAccess {
  /** Reading and writing; by one process at a time. */
  WRITE,
  /** Reading what is there, whoever else has it open. */
  READ
}

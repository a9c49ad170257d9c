package io.nadb.internal.url;

/** What is kept for SQL tools. */
public enum Metadata {
  /** Nothing. */
  NONE,
  /** {@code metadata.db}. */
  SQLITE
}

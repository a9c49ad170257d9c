package io.nadb.spi;

/** A parsed URL. */
public final class NadbUrl {
  NadbUrl() {}

  /** The scheme. */
  public String scheme() {
    return "";
  }

  /** The path, decoded. */
  public String path() {
    return "";
  }
}

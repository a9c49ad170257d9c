package io.nadb.internal.url;

/** How values are compressed before they are stored. */
public enum Compression {
  /** Not at all. */
  NONE,
  /** With the JDK's Deflater. */
  ZLIB,
  /** With zstd-jni, which the application brings. */
  ZSTD
}

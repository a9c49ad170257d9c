package io.nadb.internal.store;

/** What is refused since the backend can't do it well. */
final class Unsupported {
  private Unsupported() {}

  static UnsupportedOperationException removals(String store) {
    return new UnsupportedOperationException(
        "store "
            + store
            + ": a server that others write to does not tell what was removed; use nadb:fs: or"
            + " nadb:mem:, or ask for what may be gone");
  }
}

package io.nadb.copy;

/**
 * An entry that is not in the target of a copy as it is in the source. Immutable.
 *
 * @since 0.1.0
 */
public final class CopyDifference {
  private final String namespace;
  private final String key;
  private final String what;

  CopyDifference(String namespace, String key, String what) {
    this.namespace = namespace;
    this.key = key;
    this.what = what;
  }

  /** The entry's namespace. */
  public String namespace() {
    return namespace;
  }

  /** The entry's key. */
  public String key() {
    return key;
  }

  /** What is different, in words; never a value. */
  public String what() {
    return what;
  }

  @Override
  public String toString() {
    return namespace + "/" + key + ": " + what;
  }
}

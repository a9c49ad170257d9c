package io.nadb.jcache;

/** The cast behind JCache's {@code unwrap}. */
final class Unwrapping {

  private Unwrapping() {}

  /** Returns the first of some objects that is of the type. */
  static <T> T unwrap(Object self, Class<T> type, Object... others) {
    if (type.isInstance(self)) {
      return type.cast(self);
    }
    for (Object other : others) {
      if (type.isInstance(other)) {
        return type.cast(other);
      }
    }
    throw new IllegalArgumentException(
        self.getClass().getName() + " has no " + type.getName() + " to unwrap");
  }
}

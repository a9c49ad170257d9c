package io.nadb.internal.redis;

import java.util.function.Supplier;

/** A password, which may stand in a file that says something else while a store is open. */
public final class Secret {
  private final Supplier<String> source;
  private volatile String text;

  private Secret(Supplier<String> source) {
    this.source = source;
    this.text = source.get();
  }

  /** A password that stays as it is. */
  public static Secret of(String text) {
    return new Secret(() -> text);
  }

  /**
   * A password that is read now, and again whenever a server has refused it.
   *
   * @param source reads it, or throws if it can't
   */
  public static Secret readBy(Supplier<String> source) {
    return new Secret(source);
  }

  /** The password as it was read last. */
  public String text() {
    return text;
  }

  /** Reads it again after a refusal; returns whether it is another one now. */
  boolean renew() {
    String present;
    try {
      present = source.get();
    } catch (RuntimeException e) {
      return false; // Then the refusal is what there is to tell.
    }
    boolean changed = !present.equals(text);
    text = present;
    return changed;
  }

  /** Shows nothing of it. */
  @Override
  public String toString() {
    return "****";
  }
}

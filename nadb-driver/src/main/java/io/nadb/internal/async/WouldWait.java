package io.nadb.internal.async;

/** Thrown where a call would have to wait, to who must not; nothing has been done. */
public final class WouldWait extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Tells no more than that, and so has no stack trace. */
  public WouldWait() {
    super("it would have to wait", null, false, false);
  }
}

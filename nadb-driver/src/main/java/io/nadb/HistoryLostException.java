package io.nadb;

import java.time.Instant;
import java.util.Optional;

/**
 * What a store was at the moment that was asked for is not kept any more, or never was: it is older
 * than the option {@code history} says, or than the store. Nothing later is shown in its place.
 *
 * @since 0.1.0
 */
public final class HistoryLostException extends NadbException {
  private static final long serialVersionUID = 1L;

  private final transient Optional<Instant> earliest;

  /**
   * Creates an exception.
   *
   * @param earliest the earliest moment that can be asked for; empty if there is none yet
   */
  public HistoryLostException(String message, Optional<Instant> earliest) {
    super(message);
    this.earliest = earliest;
  }

  /** The earliest moment that can be asked for now; empty if nothing has been flushed yet. */
  public Optional<Instant> earliest() {
    return earliest;
  }
}

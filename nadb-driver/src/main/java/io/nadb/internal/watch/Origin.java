package io.nadb.internal.watch;

import io.nadb.SyncStatus;
import io.nadb.TimeSource;
import java.util.List;
import java.util.function.Supplier;

/**
 * Where an open store comes from.
 *
 * @param name what statistics and errors call it
 * @param url how it was opened, with credentials masked
 * @param settings its options
 * @param registry who opened it
 * @param sync what that registry's background thread is doing
 * @param time that registry's time
 */
public record Origin(
    String name,
    String url,
    List<Setting> settings,
    Object registry,
    Supplier<SyncStatus> sync,
    TimeSource time) {

  /** Copies the list. */
  public Origin {
    settings = List.copyOf(settings);
  }
}

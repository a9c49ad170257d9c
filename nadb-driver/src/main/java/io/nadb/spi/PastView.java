package io.nadb.spi;

import java.util.Objects;

/**
 * What a backend held after an earlier cut: see {@link StorageBackend#viewAt}.
 *
 * @param sequence the sequence number of that cut
 * @param view to be closed by the caller
 * @since 0.1.0
 */
public record PastView(long sequence, BackendView view) {

  /** Creates it. */
  public PastView {
    Objects.requireNonNull(view, "view");
  }
}

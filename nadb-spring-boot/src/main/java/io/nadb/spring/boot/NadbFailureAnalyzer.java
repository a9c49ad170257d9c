package io.nadb.spring.boot;

import io.nadb.NadbException;
import io.nadb.NadbUrlException;
import io.nadb.StoreLockedException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/**
 * Shows what NADB says when a store can't be opened instead of a trace: its messages name what is
 * wrong, and what to do.
 */
final class NadbFailureAnalyzer implements FailureAnalyzer {

  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof NadbUrlException) {
        return analysis(cause, "Correct nadb.url, nadb.options, or those of nadb.stores.");
      }
      if (cause instanceof StoreLockedException) {
        return analysis(
            cause,
            "Stop the other one, or give each application a directory of its own; to share a"
                + " store, use nadb:redis:.");
      }
      if (cause instanceof NadbException) {
        return analysis(cause, null);
      }
    }
    return null;
  }

  private static FailureAnalysis analysis(Throwable cause, @Nullable String action) {
    return new FailureAnalysis("A store failed: " + cause.getMessage(), action, cause);
  }
}

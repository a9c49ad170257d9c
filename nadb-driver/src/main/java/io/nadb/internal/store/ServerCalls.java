package io.nadb.internal.store;

import io.nadb.NadbException;
import io.nadb.internal.failure.Reason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Asks a server, and knows whether the last question was answered, until the store is closed. */
final class ServerCalls {
  private final String store;
  private volatile @Nullable String lastFailure;
  private volatile boolean degraded;
  private volatile @Nullable String closedBecause;

  ServerCalls(String store) {
    this.store = store;
  }

  /** A question to the server. */
  @FunctionalInterface
  interface Question<T> {
    T ask() throws IOException;
  }

  <T> T ask(Question<T> question) {
    checkOpen();
    try {
      T answer = question.ask();
      answered();
      return answer;
    } catch (IOException e) {
      throw noted(new NadbException("store " + store + ": " + Reason.of(e), e));
    } catch (NadbException e) {
      throw noted(e);
    }
  }

  /** Notes that a question was answered. */
  void answered() {
    if (degraded) {
      degraded = false;
    }
  }

  /** Notes that a question was not answered; returns why, as the caller is to know it. */
  Throwable explained(Throwable failure) {
    if (!(failure instanceof NadbException e)) {
      return failure;
    }
    RuntimeException reason = isEnded() ? closed() : null;
    return reason == null ? noted(e) : reason;
  }

  private NadbException noted(NadbException failure) {
    checkOpen(); // A connection that close has cut is no failure of the server.
    lastFailure = failure.getMessage();
    degraded = true;
    return failure;
  }

  /** Whether the last question was not answered. */
  boolean failed() {
    return degraded;
  }

  /** Why a question was not answered; null if all were. */
  @Nullable String lastFailure() {
    return lastFailure;
  }

  /** Refuses all questions from now on. */
  void end(String reason) {
    closedBecause = reason;
  }

  boolean isEnded() {
    return closedBecause != null;
  }

  void checkOpen() {
    if (isEnded()) {
      throw closed();
    }
  }

  /** What is thrown once it has ended. */
  IllegalStateException closed() {
    return new IllegalStateException("store is closed: " + store + " (" + closedBecause + ")");
  }
}

package io.nadb.internal.redis;

import io.nadb.NadbException;
import org.jspecify.annotations.Nullable;

/** A request that comes to an end of its own while others are sent with it. For one thread. */
final class SeparateRequest {
  final Request request;
  final boolean writes;
  private @Nullable Object reply;
  private @Nullable NadbException failure;
  private boolean ended;

  SeparateRequest(Request request, boolean writes) {
    this.request = request;
    this.writes = writes;
  }

  void answer(@Nullable Object with) {
    reply = with;
    ended = true;
  }

  void fail(NadbException with) {
    failure = with;
    ended = true;
  }

  boolean hasEnded() {
    return ended;
  }

  /**
   * What the server has answered, be it an error.
   *
   * @throws NadbException if it has not
   */
  @Nullable Object reply() {
    if (failure != null) {
      throw failure;
    }
    return reply;
  }
}

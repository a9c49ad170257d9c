package io.nadb.spring.session;

import java.util.Objects;

/** Sessions that have to be there. */
final class Sessions {

  private Sessions() {}

  static NadbSession found(NadbIndexedSessionRepository repository, String id) {
    return Objects.requireNonNull(repository.findById(id), "no session");
  }
}

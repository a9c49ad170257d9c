package io.nadb.internal.url;

import io.nadb.spi.NadbUrl.Endpoint;
import java.util.List;
import java.util.Optional;

/** What stands between {@code //} and the path: who connects, and to which servers. */
record Authority(Optional<String> user, Optional<String> password, List<Endpoint> endpoints) {
  static final Authority NONE = new Authority(Optional.empty(), Optional.empty(), List.of());

  /** Shows no credential, as a record otherwise would. */
  @Override
  public String toString() {
    return endpoints.toString();
  }
}

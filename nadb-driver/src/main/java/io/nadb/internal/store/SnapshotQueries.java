package io.nadb.internal.store;

/**
 * Answers queries from a snapshot.
 *
 * @param lease keeps it open as long as this can be reached
 * @param namespace the namespace
 * @param owned whether closing this closes the snapshot; else it is a user's
 */
record SnapshotQueries(Snapshots.Lease lease, String namespace, boolean owned)
    implements QuerySource {

  @Override
  public <T> T ask(Asking<T> asking) {
    return lease.snapshot().ask(reader -> asking.ask(reader.queries(namespace)));
  }

  @Override
  public void check(Question question) {
    lease.snapshot().checkOpen();
  }

  @Override
  public QuerySource hold() {
    return this;
  }

  @Override
  public boolean answersByPage(Question question) {
    return true;
  }

  @Override
  public void close() {
    if (owned) {
      lease.close();
    }
  }
}

package io.nadb.internal.store;

import io.nadb.spi.Commit;
import io.nadb.spi.DirectBackend;
import java.util.concurrent.atomic.AtomicLong;

/** A server with nothing before it, as transactions see it. */
final class DirectCommits implements ServerAccess {
  private final DirectBackend server;
  private final ServerCalls calls;
  private final UsageCounts usage;
  private final AtomicLong sequence;

  /**
   * Creates it.
   *
   * @param usage counts what was written
   * @param sequence gives numbers to that
   */
  DirectCommits(DirectBackend server, ServerCalls calls, UsageCounts usage, AtomicLong sequence) {
    this.server = server;
    this.calls = calls;
    this.usage = usage;
    this.sequence = sequence;
  }

  @Override
  public Commit.Seen look(Commit.Name name, boolean withValue) {
    return calls.ask(() -> server.look(name, withValue));
  }

  @Override
  public void checkTogether(Commit.Name one, Commit.Name other) {
    server.checkTogether(one, other);
  }

  @Override
  public Answer commit(Commit commit) {
    Commit.Name changed = calls.ask(() -> server.commit(commit)).orElse(null);
    if (changed != null) {
      return new Answer(changed, sequence());
    }
    usage.committed(commit);
    return new Answer(null, sequence.addAndGet(commit.writes().size()));
  }

  @Override
  public long sequence() {
    return sequence.get();
  }
}

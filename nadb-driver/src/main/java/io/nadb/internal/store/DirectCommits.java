package io.nadb.internal.store;

import io.nadb.spi.Commit;
import io.nadb.spi.DirectBackend;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** A server with nothing before it, as transactions see it. */
final class DirectCommits implements ServerAccess {
  private final DirectBackend server;
  private final ServerCalls calls;
  private final LongAdder sets;
  private final LongAdder deletes;
  private final AtomicLong sequence;

  /**
   * Creates it.
   *
   * @param sets counts entries that were set
   * @param deletes counts those that were removed
   * @param sequence gives numbers to both
   */
  DirectCommits(
      DirectBackend server,
      ServerCalls calls,
      LongAdder sets,
      LongAdder deletes,
      AtomicLong sequence) {
    this.server = server;
    this.calls = calls;
    this.sets = sets;
    this.deletes = deletes;
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
    long deletions = commit.deletions();
    deletes.add(deletions);
    sets.add(commit.writes().size() - deletions);
    return new Answer(null, sequence.addAndGet(commit.writes().size()));
  }

  @Override
  public long sequence() {
    return sequence.get();
  }
}

package io.nadb.internal.store;

import io.nadb.Entry;
import io.nadb.FlushCause;
import io.nadb.NadbException;
import io.nadb.internal.failure.Reason;
import io.nadb.spi.Change;
import io.nadb.spi.Commit;
import io.nadb.spi.DirectBackend;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * A server with a write buffer before it, for what the server is to decide, which others write to
 * as well: what is buffered goes there first, and nothing overtakes what is decided.
 */
final class BufferedServer implements ServerAccess {
  private final String store;
  private final DirectBackend server;
  private final WriteBuffer buffer;
  private final Flusher flusher;
  private final Settlement settlement;
  private final UsageCounts usage;
  private final Runnable checkOpen;

  BufferedServer(
      String store,
      DirectBackend server,
      WriteBuffer buffer,
      Flusher flusher,
      Settlement settlement,
      UsageCounts usage,
      Runnable checkOpen) {
    this.store = store;
    this.server = server;
    this.buffer = buffer;
    this.flusher = flusher;
    this.settlement = settlement;
    this.usage = usage;
    this.checkOpen = checkOpen;
  }

  /** A question to the server. */
  private interface Question<T> {
    T ask() throws IOException;
  }

  private <T> T ask(Question<T> question) {
    try {
      return question.ask();
    } catch (IOException e) {
      throw new NadbException("store " + store + ": " + Reason.of(e), e);
    }
  }

  /** Makes a change of one entry. */
  Change.Outcome change(String namespace, String key, Change change) {
    Change.Outcome[] outcome = {Change.Outcome.NONE};
    afterTheBuffer(() -> outcome[0] = ask(() -> server.change(namespace, key, change)));
    return outcome[0];
  }

  private void afterTheBuffer(Runnable decision) {
    settlement.withRetry(
        () ->
            flusher.exclusively(
                () -> {
                  checkOpen.run();
                  flusher.flush(FlushCause.EXPLICIT);
                  decision.run();
                }));
  }

  /** Reads entries for another store. */
  List<Entry> copyOut(String namespace, Collection<String> keys) {
    settlement.withRetry(() -> flusher.flush(FlushCause.EXPLICIT));
    return EntryTransfer.toEntries(ask(() -> server.readAll(namespace, keys)));
  }

  /** Sets entries of another store as they are. */
  void copyIn(String namespace, Collection<Entry> entries) {
    afterTheBuffer(
        () ->
            ask(
                () -> {
                  server.copyIn(namespace, EntryTransfer.toStored(entries));
                  return true;
                }));
  }

  @Override
  public Commit.Seen look(Commit.Name name, boolean withValue) {
    if (buffer.read(name.namespace(), name.key()) != null) {
      settlement.withRetry(() -> flusher.flush(FlushCause.EXPLICIT));
    }
    return ask(() -> server.look(name, withValue));
  }

  @Override
  public void checkTogether(Commit.Name one, Commit.Name other) {
    server.checkTogether(one, other);
  }

  /** What the server has made gets no number here: what counts has gone out before. */
  @Override
  public Answer commit(Commit commit) {
    Answer[] answer = new Answer[1];
    afterTheBuffer(
        () -> answer[0] = new Answer(ask(() -> server.commit(commit)).orElse(null), sequence()));
    if (answer[0].changed() == null) {
      usage.committed(commit);
    }
    return answer[0];
  }

  @Override
  public long sequence() {
    return flusher.durable().sequence();
  }
}

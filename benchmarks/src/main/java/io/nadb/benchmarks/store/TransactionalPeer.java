package io.nadb.benchmarks.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A peer's transactions, made durable as the {@link Discipline} asks for. */
abstract class TransactionalPeer implements TransactionalStore {
  private final Pace pace;

  /** A transaction on bytes that knows how many it has written. */
  abstract static class Bytes implements Access {
    private long written;

    abstract byte @Nullable [] read(byte[] key);

    abstract void write(byte[] key, byte[] value);

    @Override
    public final byte @Nullable [] get(String key) {
      return read(key.getBytes(UTF_8));
    }

    @Override
    public final void set(String key, byte[] value) {
      byte[] name = key.getBytes(UTF_8);
      write(name, value);
      written += name.length + value.length;
    }
  }

  TransactionalPeer(Discipline discipline) {
    pace = new Pace(discipline, this::sync);
  }

  /** Runs it once and commits it; null if it was aborted, and nothing of it is left. */
  abstract @Nullable Bytes attempt(Consumer<Access> body);

  /** Makes all that was committed durable, unless each commit does so itself. */
  abstract void sync();

  @Override
  public final void transact(Consumer<Access> body) {
    Bytes committed = attempt(body);
    while (committed == null) {
      committed = attempt(body);
    }
    pace.written(committed.written);
  }

  @Override
  public final void flush() {
    pace.end();
  }
}

package io.nadb.benchmarks.store;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store that reads and writes several keys in a transaction, in the way that it recommends. */
public interface TransactionalStore extends AutoCloseable {

  /** What is done within a transaction. */
  interface Access {

    /**
     * Returns a copy of the key's value. If it is not the same any more at the commit, the
     * transaction is aborted, unless the store keeps others from changing it.
     */
    byte @Nullable [] get(String key);

    /** Sets an entry at the commit; the value must not be changed any more. */
    void set(String key, byte[] value);
  }

  /**
   * Runs {@code body} in a transaction and commits it, again from the beginning as often as the
   * store aborts it; when it is durable, the {@link Discipline} says.
   */
  void transact(Consumer<Access> body);

  /** Returns when all that was committed is durable. */
  void flush();

  @Override
  void close();
}

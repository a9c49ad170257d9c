package io.nadb.internal.store;

import java.io.IOException;

/** Where queries of a namespace are answered: from what is there now, or from one moment. */
interface QuerySource extends AutoCloseable {

  /** A question, or a part of one. */
  interface Asking<T> {
    T ask(QueryRun run) throws IOException;
  }

  /** Answers a question from one view. */
  <T> T ask(Asking<T> asking);

  /**
   * Sees to it that a question may be asked.
   *
   * @throws UnsupportedOperationException if the backend can't answer it well
   */
  void check(Question question);

  /** Gives a source of what is there now, which is to be closed, and stays at that if it can. */
  QuerySource hold();

  /** Whether a page of a question in key order costs no more than its entries. */
  boolean answersByPage(Question question);

  /** Lets go of what was held. */
  @Override
  void close();
}

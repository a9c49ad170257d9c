package io.nadb.internal.store;

/** Answers queries from what a server has when it is asked, without a buffer before it. */
record ServerQueries(DirectEngine engine, ServerListings listings, String namespace)
    implements QuerySource {

  @Override
  public <T> T ask(Asking<T> asking) {
    return listings.query(namespace, asking);
  }

  @Override
  public void check(Question question) {
    Capabilities.checkQuery(engine, question);
  }

  @Override
  public QuerySource hold() {
    return this;
  }

  @Override
  public boolean answersByPage(Question question) {
    return Capabilities.hasPages(engine, question);
  }

  @Override
  public void close() {}
}

package io.nadb.internal.store;

import io.nadb.StoreCapability;
import java.time.InstantSource;

/** Answers queries from what a store with a buffer has now. */
record StoreQueries(
    BufferedEngine engine,
    LayeredReader reader,
    Snapshots snapshots,
    String namespace,
    InstantSource clock)
    implements QuerySource {

  @Override
  public <T> T ask(Asking<T> asking) {
    return reader.atOneMoment(clock.millis(), view -> asking.ask(view.queries(namespace)));
  }

  @Override
  public void check(Question question) {
    Capabilities.checkQuery(engine, question);
  }

  @Override
  public QuerySource hold() {
    return engine.capabilities().contains(StoreCapability.SNAPSHOTS)
        ? snapshots.open(namespace).queries()
        : this;
  }

  @Override
  public boolean answersByPage(Question question) {
    return Capabilities.hasPages(engine, question);
  }

  @Override
  public void close() {}
}

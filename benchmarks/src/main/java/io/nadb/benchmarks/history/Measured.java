package io.nadb.benchmarks.history;

/** What a trial measures. */
enum Measured {
  SET("`set` of a key that is there, ns"),
  GET("`get`, ns"),
  HEAP("heap, bytes a key"),
  OPENING("the first one: ms for a million keys"),
  AGAIN("later ones: ms for a million keys"),
  PAST_HEAP("heap while one is open, bytes a key"),
  PAST_GET("`get` of one, ns");

  private final String label;

  Measured(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}

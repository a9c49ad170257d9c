package io.nadb.agent.terminal;

/** What {@code nadb top} waits for. */
sealed interface Input {

  /** The stores, about once a second. */
  record Seen(Observation snapshot) implements Input {}

  /** A key that was pressed. */
  record Key(char key) implements Input {}

  /** A key that moves the mark. */
  record Moved(Move move) implements Input {}

  /** Where the mark goes. */
  enum Move {
    UP,
    DOWN,
    PAGE_UP,
    PAGE_DOWN,
    FIRST,
    LAST
  }

  /** Something to tell the user. */
  record Told(String note) implements Input {}

  /** The JVM that is looked at has ended. */
  record Ended() implements Input {}
}

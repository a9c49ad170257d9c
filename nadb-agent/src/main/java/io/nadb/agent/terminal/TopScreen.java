package io.nadb.agent.terminal;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The live table together with what its user has chosen; follows one input after the other. */
final class TopScreen {
  /** For how many snapshots a note stays. */
  private static final int NOTED = 10;

  private final TopFrame frame;
  private final boolean keys;
  private final Consumer<String> flush;

  private List<StoreView> stores = List.of();

  /** The store that a key would flush; the first one as long as none was chosen, or it has gone. */
  private @Nullable String chosen;

  private String note = "";
  private int noted;

  /**
   * Creates it.
   *
   * @param keys whether there are any, so that they are shown
   * @param flush has a store of this name flushed, and does not wait for it
   */
  TopScreen(TopFrame frame, boolean keys, Consumer<String> flush) {
    this.frame = frame;
    this.keys = keys;
    this.flush = flush;
  }

  /** Takes in what has come; returns false if that was the key to quit. */
  boolean take(Input input) {
    if (input instanceof Input.Seen seen) {
      stores = seen.snapshot().stores();
      frame.add(seen.snapshot());
      noted--;
    } else if (input instanceof Input.Told told) {
      note(told.note());
    } else if (input instanceof Input.Key key) {
      return press(key.key());
    } else if (input instanceof Input.Moved moved) {
      move(moved.move());
    }
    return true;
  }

  private boolean press(char key) {
    int number = key - '1';
    if (number >= 0 && number < 9) {
      if (number < stores.size()) {
        chosen = stores.get(number).name();
      } else {
        note("there is no store " + key);
      }
    } else if (key == 'f') {
      if (stores.isEmpty()) {
        note("there is no store to flush yet");
      } else {
        String name = stores.get(marked()).name();
        note(name + ": is being flushed");
        flush.accept(name);
      }
    }
    return key != 'q';
  }

  private void move(Input.Move move) {
    int to =
        switch (move) {
          case UP -> marked() - 1;
          case DOWN -> marked() + 1;
          case PAGE_UP -> marked() - frame.page();
          case PAGE_DOWN -> marked() + frame.page();
          case FIRST -> 0;
          case LAST -> stores.size() - 1;
        };
    if (!stores.isEmpty()) {
      chosen = stores.get(Math.max(0, Math.min(to, stores.size() - 1))).name();
    }
  }

  private void note(String text) {
    note = text;
    noted = NOTED;
  }

  /** Where the mark is; 0 if there is no store. */
  private int marked() {
    for (int i = 0; i < stores.size(); i++) {
      if (stores.get(i).name().equals(chosen)) {
        return i;
      }
    }
    return 0;
  }

  /** The table as it is now. */
  Frame draw() {
    return draw(Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /** As much of it as there is room for. */
  Frame draw(int rows, int columns) {
    return frame.draw(keys ? marked() : -1, noted > 0 ? note : "", rows, columns);
  }
}

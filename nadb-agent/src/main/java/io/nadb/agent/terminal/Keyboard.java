package io.nadb.agent.terminal;

import io.nadb.agent.terminal.Input.Move;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.function.Consumer;

/** Hands on the keys of a terminal, each as soon as it is pressed. */
final class Keyboard {
  private static final char QUIT = 'q';
  private static final char ESCAPE = '\u001b';

  /** What terminals send after an escape character and a bracket, or an O. */
  private static final Map<String, Move> MOVES =
      Map.ofEntries(
          Map.entry("A", Move.UP),
          Map.entry("B", Move.DOWN),
          Map.entry("5~", Move.PAGE_UP),
          Map.entry("6~", Move.PAGE_DOWN),
          Map.entry("H", Move.FIRST),
          Map.entry("1~", Move.FIRST),
          Map.entry("7~", Move.FIRST),
          Map.entry("F", Move.LAST),
          Map.entry("4~", Move.LAST),
          Map.entry("8~", Move.LAST));

  private Keyboard() {}

  /** Has a thread read from now on, which keeps no process alive. */
  static void start(InputStream in, Consumer<Input> inputs) {
    Thread reader = new Thread(() -> read(in, inputs), "nadb-keys");
    reader.setDaemon(true);
    reader.start();
  }

  /** Reads until there is nothing more; a terminal that has gone is the key to quit. */
  static void read(InputStream in, Consumer<Input> inputs) {
    try {
      int key = in.read();
      while (key >= 0) {
        if (key != ESCAPE) {
          inputs.accept(new Input.Key((char) key));
          key = in.read();
          continue;
        }
        key = in.read();
        if (key == '[' || key == 'O') {
          Move move = MOVES.get(sequence(in));
          if (move != null) {
            inputs.accept(new Input.Moved(move));
          }
          key = in.read();
        }
      }
    } catch (IOException e) {
      // As at its end.
    }
    inputs.accept(new Input.Key(QUIT));
  }

  /** Reads the rest of what one key sends: parameters, and a character that ends it. */
  private static String sequence(InputStream in) throws IOException {
    StringBuilder sequence = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      sequence.append((char) next);
      if (next >= '@' && next <= '~') {
        break;
      }
    }
    return sequence.toString();
  }
}

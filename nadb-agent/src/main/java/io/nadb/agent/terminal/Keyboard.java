package io.nadb.agent.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/** Hands on the keys of a terminal, each as soon as it is pressed. */
final class Keyboard {
  private static final char QUIT = 'q';

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
      for (int key = in.read(); key >= 0; key = in.read()) {
        inputs.accept(new Input.Key((char) key));
      }
    } catch (IOException e) {
      // As at its end.
    }
    inputs.accept(new Input.Key(QUIT));
  }
}

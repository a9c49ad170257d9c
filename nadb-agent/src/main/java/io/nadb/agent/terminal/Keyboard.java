package io.nadb.agent.terminal;

import io.nadb.agent.terminal.Input.Move;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Hands on the keys of a terminal, each as soon as it is pressed; when it is closed, the next keys
 * are left to whoever reads after it.
 */
final class Keyboard implements AutoCloseable {
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

  private final Awaited in;

  private Keyboard(Awaited in) {
    this.in = in;
  }

  /** Has a thread read from now on, which keeps no process alive. */
  static Keyboard start(InputStream in, Consumer<Input> inputs) {
    Keyboard keyboard = new Keyboard(new Awaited(in));
    Thread reader = new Thread(() -> read(keyboard.in, inputs), "nadb-keys");
    reader.setDaemon(true);
    reader.start();
    return keyboard;
  }

  @Override
  public void close() {
    in.close();
  }

  /** Reads a key that is there, and leaves off in between: {@link Tty} has no read wait long. */
  @SuppressWarnings("InputStreamSlowMultibyteRead") // Keys come one by one.
  private static final class Awaited extends InputStream {
    private final InputStream keys;
    private volatile boolean closed;

    Awaited(InputStream keys) {
      this.keys = keys;
    }

    @Override
    public int read() throws IOException {
      int key = -1;
      while (key < 0 && !closed) {
        key = readSoon();
        if (key < 0) {
          checkTerminal();
        }
      }
      return key;
    }

    /** Of a terminal that has gone, all reads end at once; asking what is there fails. */
    private void checkTerminal() throws IOException {
      if (keys.available() < 0) {
        throw new IOException("the terminal has gone");
      }
    }

    /** Reads a key; -1 if none has come for a moment, or if there is to be no further one. */
    private synchronized int readSoon() throws IOException {
      return closed ? -1 : keys.read();
    }

    /** Returns when no read is under way, which would take a key that is meant for others. */
    @Override
    public void close() {
      closed = true;
      awaitRead();
    }

    private synchronized void awaitRead() {}
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

package io.nadb.agent.terminal;

import java.io.File;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The keys of a terminal, each as soon as it is pressed; there are none if the standard input is
 * none.
 */
final class Keyboard implements AutoCloseable {
  private static final File TERMINAL = new File("/dev/tty");

  private final BlockingQueue<Character> keys = new LinkedBlockingQueue<>();
  private final boolean present;
  private final Thread restore = new Thread(() -> set("sane"), "nadb-terminal");

  Keyboard() {
    present = Tty.isInput() && Tty.isOutput() && set("-icanon -echo min 1");
    if (present) {
      Runtime.getRuntime().addShutdownHook(restore);
      Thread reader = new Thread(this::read, "nadb-keys");
      reader.setDaemon(true);
      reader.start();
    }
  }

  boolean isPresent() {
    return present;
  }

  /** The next key that has been pressed; 0 if none has. */
  char next() {
    Character key = keys.poll();
    return key == null ? 0 : key;
  }

  private void read() {
    try {
      for (int key = System.in.read(); key >= 0; key = System.in.read()) {
        keys.add((char) key);
      }
    } catch (IOException e) {
      keys.add('q'); // The terminal is gone.
    }
  }

  private static boolean set(String mode) {
    try {
      return new ProcessBuilder(("stty " + mode).split(" "))
              .redirectInput(TERMINAL)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // There is no such command: no keys then.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    if (present) {
      Runtime.getRuntime().removeShutdownHook(restore);
      set("sane");
    }
  }
}

package io.nadb.agent.terminal;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;

/**
 * Tells whether input and output are a terminal. {@code System.console()} no longer does since JDK
 * 22.
 */
final class Tty {

  private Tty() {}

  static boolean isInput() {
    return isTerminal(0);
  }

  static boolean isOutput() {
    return isTerminal(1);
  }

  private static boolean isTerminal(int descriptor) {
    try {
      return new ProcessBuilder("test", "-t", Integer.toString(descriptor))
              .redirectInput(Redirect.INHERIT)
              .redirectOutput(Redirect.INHERIT)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // There is no such command.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

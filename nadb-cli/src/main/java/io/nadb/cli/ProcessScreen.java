package io.nadb.cli;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The streams of this process. The system is asked, since {@code System.console()} knows of all of
 * them together only, and since JDK 22 not even that.
 */
final class ProcessScreen implements Screen {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Pattern SIZE = Pattern.compile("[0-9]+ ([1-9][0-9]*)");

  @Override
  public boolean isInput() {
    return isTerminal(0);
  }

  @Override
  public boolean isOutput() {
    return isTerminal(1);
  }

  @Override
  public boolean isErrors() {
    return isTerminal(2);
  }

  private static boolean isTerminal(int descriptor) {
    try {
      Path file = Files.readSymbolicLink(DESCRIPTORS.resolve(Integer.toString(descriptor)));
      return file.toString().matches("/dev/(pts/[0-9]+|tty.*|console)");
    } catch (IOException e) {
      return isTerminalByTest(descriptor); // It is not Linux.
    }
  }

  private static boolean isTerminalByTest(int descriptor) {
    try {
      return new ProcessBuilder("test", "-t", Integer.toString(descriptor))
              .inheritIO()
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

  @Override
  public int columns() {
    try {
      Process process =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(Redirect.DISCARD)
              .start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      Matcher size = SIZE.matcher(said);
      return size.matches() ? Integer.parseInt(size.group(1)) : Integer.MAX_VALUE;
    } catch (IOException e) {
      return Integer.MAX_VALUE; // There is no such command, or no terminal.
    }
  }
}

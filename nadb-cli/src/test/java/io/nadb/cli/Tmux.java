package io.nadb.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real terminal of so many columns, by a tmux server of its own, in which a shell runs. */
final class Tmux implements AutoCloseable {
  private static final boolean REQUIRED =
      List.of(System.getProperty("nadb.test.require", "").split(" *, *")).contains("tmux");

  private final Path socket;

  private Tmux(Path socket) {
    this.socket = socket;
  }

  /** Opens one, or has the test be skipped if there is no tmux. */
  static Tmux open(Path directory, int columns) throws Exception {
    Tmux tmux = new Tmux(directory.resolve("tmux"));
    try {
      new ProcessBuilder("tmux", "-V").start().waitFor();
    } catch (IOException e) {
      assumeTrue(REQUIRED, "there is no tmux on the PATH");
      throw e;
    }
    tmux.run(
        "-f",
        "/dev/null",
        "new-session",
        "-d",
        "-x",
        Integer.toString(columns),
        "-y",
        "40",
        "-c",
        directory.toString(),
        "env",
        "PS1=$ ",
        "LC_ALL=C.UTF-8",
        "TZ=UTC",
        "XDG_STATE_HOME=" + directory.resolve("state"),
        "sh");
    return tmux;
  }

  private String run(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("tmux", "-u", "-S", socket.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(command + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(command + " was interrupted", e);
    }
    return said;
  }

  /** Types a text, and no key at its end. */
  Tmux type(String text) throws IOException {
    run("send-keys", "-l", text);
    return this;
  }

  /** Presses a key by its tmux name: Enter, Tab, Up, C-d. */
  Tmux press(String key) throws IOException {
    run("send-keys", key);
    return this;
  }

  /** What is on the screen. */
  String screen() throws IOException {
    return run("capture-pane", "-p");
  }

  /** What is on the screen, with its colours. */
  String colours() throws IOException {
    return run("capture-pane", "-p", "-e");
  }

  @Override
  public void close() throws IOException {
    run("kill-server");
  }
}

package io.nadb.samples.shared;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Arrays;

/**
 * The notice board at the command line. The URL is the only thing that decides where it is:
 *
 * <pre>
 * java … BoardShell nadb:fs:./board                  alone, on files
 * java … BoardShell nadb:redis://localhost:6379      together with others, on Redis
 * </pre>
 */
public final class BoardShell {

  private BoardShell() {}

  /**
   * Reads commands line by line: {@code post title text topic…}, {@code about topic}, and so on.
   */
  public static void main(String[] arguments) throws IOException {
    try (KeyValueStore store = NadbDriverManager.open(arguments[0])) {
      Board board = new Board(store);
      BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        System.out.println(run(board, line.split(" ", -1)));
      }
    }
  }

  private static String run(Board board, String[] words) {
    switch (words[0]) {
      case "post" -> board.post(words[1], words[2], Arrays.copyOfRange(words, 3, words.length));
      case "edit" -> board.edit(words[1], words[2]);
      case "remove" -> {
        return board.remove(words[1]) ? "removed" : "not there";
      }
      case "about" -> {
        return board.about(words[1]).toString();
      }
      default -> {
        return "post title text topic…, edit title text, remove title, or about topic";
      }
    }
    return "done";
  }
}

package io.nadb.benchmarks.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Puts what a command has measured into its place on a page that several commands write. */
public final class PageSection {
  private PageSection() {}

  /**
   * Replaces what the command has written before.
   *
   * @throws IllegalStateException if the page has no place for it
   */
  public static void write(Path page, String command, String text) throws IOException {
    Files.writeString(page, replace(Files.readString(page), command, text));
  }

  static String replace(String page, String command, String text) {
    String begin = "<!-- " + command + " -->\n";
    String end = "<!-- /" + command + " -->";
    int from = page.indexOf(begin);
    int to = page.indexOf(end);
    if (from < 0 || to < from) {
      throw new IllegalStateException("the page has no place for " + command);
    }
    return page.substring(0, from + begin.length()) + text + page.substring(to);
  }
}

package io.nadb.testing;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The Java or Kotlin of a page of docs/, beside the sources of the tests that compile and run it.
 */
public final class ShownCode {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(?:java|kotlin)\\n(.*?)^```$");

  private ShownCode() {}

  /**
   * Returns the page's blocks of code that are in no source as they are, but for indentation and
   * line breaks within a statement; imports don't count.
   *
   * @throws IllegalStateException if the page has none
   */
  public static List<String> notIn(Path page, Path... sources) throws IOException {
    StringBuilder run = new StringBuilder();
    for (Path source : sources) {
      run.append(normal(Files.readString(source)));
    }
    List<String> blocks =
        BLOCK.matcher(Files.readString(page)).results().map(hit -> hit.group(1)).toList();
    if (blocks.isEmpty()) {
      throw new IllegalStateException(page + " shows no code");
    }
    return blocks.stream().filter(block -> !run.toString().contains(normal(block))).toList();
  }

  private static String normal(String code) {
    return code.lines()
        .filter(line -> !line.startsWith("import "))
        .map(String::strip)
        .collect(joining(""))
        .replaceAll("\\s+", "");
  }
}

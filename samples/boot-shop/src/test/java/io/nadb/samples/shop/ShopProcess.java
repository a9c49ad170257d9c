package io.nadb.samples.shop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The shop in a process of its own, as it is in production. */
final class ShopProcess implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

  private final Process process;
  private final BufferedReader output;
  private final int port;

  private ShopProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
    this.port = Integer.parseInt(await(PORT).group(1));
  }

  /** Starts it with its data in a directory, and returns when it answers. */
  static ShopProcess start(Path data, String... options) throws IOException {
    return start("nadb:fs:" + data + "?flush=1h", options);
  }

  /** Starts it with its data where a URL says, and returns when it answers. */
  static ShopProcess start(String url, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Shop.class.getName()));
    command.addAll(List.of("--server.port=0", "--nadb.url=" + url));
    command.addAll(Arrays.asList(options));
    return new ShopProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /** Waits for a line of its log. */
  Matcher await(Pattern line) {
    List<String> seen = new ArrayList<>();
    try {
      for (String next = output.readLine(); next != null; next = output.readLine()) {
        Matcher found = line.matcher(next);
        if (found.find()) {
          return found;
        }
        seen.add(next);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError(
        "the shop has ended without " + line + ":\n" + String.join("\n", seen));
  }

  URI at(String path) {
    return URI.create("http://localhost:" + port + path);
  }

  /** Asks it to end, as the operating system does and containers do. */
  void terminate() {
    process.toHandle().destroy(); // The process itself would close its output, too.
  }

  /** Waits for its end; returns what it has printed until then. */
  List<String> rest() throws InterruptedException {
    List<String> lines = output.lines().toList();
    process.waitFor();
    return lines;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

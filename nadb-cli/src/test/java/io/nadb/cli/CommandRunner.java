package io.nadb.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.KeyValueStore;
import io.nadb.testkit.NadbHarness;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Optional;

/** Runs commands in this process, on virtual time, with streams that are looked at afterwards. */
final class CommandRunner implements AutoCloseable {
  private final NadbHarness harness = NadbHarness.create();
  private Screen screen = Screen.NONE;
  private byte[] input = {};
  private Optional<KeyValueStore> open = Optional.empty();

  /** What has come of a command. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  record Outcome(int exit, byte[] bytes, String err) {
    String out() {
      return new String(bytes, UTF_8);
    }
  }

  /** All streams are a terminal of so many columns from now on. */
  CommandRunner onTerminal(int columns) {
    screen =
        new Screen() {
          @Override
          public boolean isInput() {
            return true;
          }

          @Override
          public boolean isOutput() {
            return true;
          }

          @Override
          public boolean isErrors() {
            return true;
          }

          @Override
          public int columns() {
            return columns;
          }
        };
    return this;
  }

  /** The next commands are those of a shell that has a store open. */
  CommandRunner inShell(KeyValueStore store) {
    open = Optional.of(store);
    return this;
  }

  /** What is piped into the next commands. */
  CommandRunner given(byte[] bytes) {
    input = bytes.clone();
    return this;
  }

  NadbHarness harness() {
    return harness;
  }

  /** A directory or file of the test's own. */
  Path path(String name) {
    return harness.directory().resolve(name);
  }

  /** What a command has around it whose output nobody looks at. */
  Environment environment() {
    return environment(new ByteArrayOutputStream(), new ByteArrayOutputStream());
  }

  private Environment environment(ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return new Environment(
        new ByteArrayInputStream(input),
        new PrintStream(out, false, UTF_8),
        new PrintStream(err, false, UTF_8),
        screen,
        harness.registry(),
        harness.time(),
        ZoneOffset.UTC,
        open);
  }

  Outcome run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Environment environment = environment(out, err);
    int exit = NadbCli.run(environment, arguments);
    environment.out().flush();
    environment.err().flush();
    return new Outcome(exit, out.toByteArray(), err.toString(UTF_8));
  }

  @Override
  public void close() {
    harness.close();
  }
}

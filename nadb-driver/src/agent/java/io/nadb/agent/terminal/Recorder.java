package io.nadb.agent.terminal;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import jdk.jfr.consumer.RecordedEvent;
import jdk.management.jfr.RemoteRecordingStream;

/**
 * A recording in another JVM, streamed to this one about once a second; it ends with this.
 *
 * <p>This is how a JVM without NADB's agent is watched: the driver itself emits the events.
 */
final class Recorder implements AutoCloseable {
  private final RemoteRecordingStream stream;

  Recorder(Target target) {
    try {
      this.stream = new RemoteRecordingStream(target.beans());
    } catch (IOException | RuntimeException e) {
      throw new TerminalException(
          "the flight recorder of "
              + target.pid()
              + " can't be used ("
              + e.getMessage()
              + "); its JVM has no module jdk.management.jfr, or does not allow it. With NADB's"
              + " agent (nadb attach "
              + target.pid()
              + "), list and export work without.",
          e);
    }
  }

  /** Has the figures of every open store sent each second. */
  void figures(Consumer<RecordedEvent> each) {
    stream.enable("io.nadb.Store").withPeriod(Duration.ofSeconds(1));
    stream.onEvent("io.nadb.Store", each);
  }

  /** Has every event of a kind sent. */
  void events(String name, Consumer<RecordedEvent> each) {
    stream.enable(name).withThreshold(Duration.ZERO);
    stream.onEvent(name, each);
  }

  /** Starts; calls {@code tick} when what has come is complete for now, {@code end} at the end. */
  void start(Runnable tick, Runnable end) {
    stream.onFlush(tick);
    stream.onClose(end);
    stream.startAsync();
  }

  @Override
  public void close() {
    stream.close();
  }
}

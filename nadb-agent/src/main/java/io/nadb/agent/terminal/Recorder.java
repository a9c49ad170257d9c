package io.nadb.agent.terminal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import jdk.jfr.consumer.RecordedEvent;
import jdk.management.jfr.RemoteRecordingStream;

/**
 * A recording in another JVM, streamed to this one about once a second; it ends with this, also if
 * the process is interrupted.
 *
 * <p>This is how a JVM without NADB's agent is watched: the driver itself emits the events. That
 * JVM does not notice when this process is killed, and records on; so it is told to keep little.
 */
final class Recorder implements AutoCloseable {
  private static final Duration KEPT = Duration.ofMinutes(1);

  private final RemoteRecordingStream stream;
  private final Thread hook = new Thread(this::end, "nadb-recorder");

  private volatile boolean closing;

  @GuardedBy("this")
  private boolean open;

  Recorder(Target target) {
    synchronized (this) { // The hook waits: from the next line on there may be a recording.
      Runtime.getRuntime().addShutdownHook(hook);
      this.stream = connect(target);
      stream.setMaxAge(KEPT);
      open = true;
    }
  }

  private static RemoteRecordingStream connect(Target target) {
    try {
      return new RemoteRecordingStream(target.beans());
    } catch (IOException | RuntimeException e) {
      if (e.getCause() instanceof SecurityException) {
        throw target.readOnly("the flight recorder, which this command listens to,", e);
      }
      throw new TerminalException(
          "the flight recorder of "
              + target.name()
              + " can't be used ("
              + e.getMessage()
              + "); its JVM has no module jdk.management.jfr, or does not allow it. With NADB's"
              + " agent ("
              + target.agentAdvice("")
              + "), list and export work without.",
          e);
    }
  }

  /** Has the figures of every open store sent each second. */
  synchronized void figures(Consumer<RecordedEvent> each) {
    if (open) {
      stream.enable("io.nadb.Store").withPeriod(Duration.ofSeconds(1));
      stream.onEvent("io.nadb.Store", each);
    }
  }

  /** Has every event of a kind sent. */
  synchronized void events(String name, Consumer<RecordedEvent> each) {
    if (open) {
      stream.enable(name).withThreshold(Duration.ZERO);
      stream.onEvent(name, each);
    }
  }

  /**
   * Starts; calls {@code tick} when what has come is complete for now, {@code end} if the other JVM
   * ends.
   */
  synchronized void start(Runnable tick, Runnable end) {
    if (open) {
      stream.onFlush(tick);
      stream.onClose(() -> ended(end));
      stream.startAsync();
    }
  }

  private void ended(Runnable end) {
    if (!closing) {
      end.run();
    }
  }

  private void end() {
    closing = true;
    synchronized (this) {
      if (open) {
        open = false;
        stream.close();
      }
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // The hook is running.
    }
    end();
  }
}

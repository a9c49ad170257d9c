package io.nadb.testing;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** A handler that throws whatever NADB logs, at any level, as an application's may. */
public final class BrokenLogging extends Handler implements AutoCloseable {
  private final AtomicInteger thrown = new AtomicInteger();
  private final Logger logger = Logger.getLogger("io.nadb");
  private final Supplier<Error> failure;

  /** Installs it until it is closed. */
  public BrokenLogging(Supplier<Error> failure) {
    this.failure = failure;
    setLevel(Level.ALL);
    logger.setLevel(Level.ALL);
    logger.addHandler(this);
  }

  /** How often it has thrown. */
  public int thrown() {
    return thrown.get();
  }

  @Override
  public void publish(LogRecord record) {
    thrown.incrementAndGet();
    throw failure.get();
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setLevel(null);
  }
}

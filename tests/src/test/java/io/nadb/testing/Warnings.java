package io.nadb.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What NADB says aloud, in a JVM whose log is {@code java.util.logging}. */
public final class Warnings extends Handler {
  private static final Logger NADB = Logger.getLogger("io.nadb");

  private final List<String> texts = new CopyOnWriteArrayList<>();

  private Warnings() {}

  /** Listens from now on. */
  public static Warnings listen() {
    Warnings warnings = new Warnings();
    NADB.addHandler(warnings);
    return warnings;
  }

  /** All warnings so far. */
  public List<String> texts() {
    return List.copyOf(texts);
  }

  @Override
  public void publish(LogRecord entry) {
    if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
      texts.add(entry.getMessage());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}

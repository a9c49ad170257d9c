package io.nadb.cli;

import io.nadb.cli.text.Amounts;
import io.nadb.copy.CopyProgress;
import java.time.Duration;
import java.util.Locale;

/** Shows on a terminal how far a copy is, in a line that is written over again and again. */
final class CopyProgressLine {
  private static final long PAUSE_NANOS = 200_000_000;
  private static final int BAR = 20;

  private final Environment environment;
  private CopyProgress.Phase phase = CopyProgress.Phase.COPYING;
  private long begun;
  private long told;
  private int length;

  CopyProgressLine(Environment environment) {
    this.environment = environment;
    this.begun = environment.time().nanoTime();
    this.told = begun - PAUSE_NANOS;
  }

  /** Shows it, if the last time is some moments ago. */
  void show(CopyProgress progress) {
    long now = environment.time().nanoTime();
    if (!environment.screen().isErrors()) {
      return;
    }
    if (progress.phase() != phase) {
      phase = progress.phase();
      begun = now;
    } else if (now - told < PAUSE_NANOS) {
      return;
    }
    told = now;
    write(text(progress, Duration.ofNanos(now - begun)));
  }

  /** Takes the line away. */
  void end() {
    if (length > 0) {
      write("");
      environment.err().print('\r');
      environment.err().flush();
    }
  }

  private void write(String text) {
    int columns = environment.screen().columns();
    String fits = text.length() < columns ? text : text.substring(0, columns - 1);
    environment.err().print('\r' + fits + " ".repeat(Math.max(0, length - fits.length())));
    environment.err().flush();
    length = fits.length();
  }

  /** What is shown: a bar, if it is known how much there is, what has passed, rate, time left. */
  static String text(CopyProgress progress, Duration since) {
    long total = progress.total().orElse(0);
    long passed = progress.entries();
    long millis = since.toMillis();
    StringBuilder text = new StringBuilder();
    text.append(progress.phase().toString().toLowerCase(Locale.ROOT)).append(' ');
    if (total > 0) {
      int full = (int) Math.min(BAR, BAR * passed / total);
      text.append('[').append("#".repeat(full)).append("-".repeat(BAR - full)).append("] ");
      text.append(Math.min(100, 100 * passed / total)).append(" % ");
    }
    text.append(Amounts.count(passed)).append(" entries, ").append(Amounts.size(progress.bytes()));
    if (millis > 0) {
      text.append(", ").append(Amounts.size(progress.bytes() * 1000 / millis)).append("/s");
      if (total > passed && passed > 0) {
        long left = (long) ((double) millis / passed * (total - passed));
        text.append(", ").append(Amounts.duration(Duration.ofMillis(left))).append(" left");
      }
    }
    return text.toString();
  }
}

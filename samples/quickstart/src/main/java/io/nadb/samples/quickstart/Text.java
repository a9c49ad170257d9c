package io.nadb.samples.quickstart;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Locale;

/** How sizes, times and failures read in the account. */
final class Text {
  private static final String[] UNITS = {"KB", "MB", "GB", "TB"};

  private Text() {}

  /** For example {@code 640 B} or {@code 1.2 MB}; 1 KB is 1024 bytes, as in a NADB URL. */
  static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    do {
      value /= 1024;
      unit++;
    } while (value >= 1024 && unit < UNITS.length - 1);
    return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }

  /** For example {@code 0.25 s, 12.0 MB/s}. */
  static String pace(long bytes, Duration time) {
    double seconds = Math.max(1, time.toMillis()) / 1000.0;
    return String.format(Locale.ROOT, "%.2f s, %s/s", seconds, bytes((long) (bytes / seconds)));
  }

  /** As a NADB URL has it: {@code 5s} or {@code 250ms}. */
  static String duration(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }

  static String entries(long number) {
    return number + (number == 1 ? " entry" : " entries");
  }

  static String files(long number) {
    return number + (number == 1 ? " file" : " files");
  }

  static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "may not be read";
    }
    if (e instanceof NoSuchFileException) {
      return "gone meanwhile";
    }
    return e.toString();
  }
}

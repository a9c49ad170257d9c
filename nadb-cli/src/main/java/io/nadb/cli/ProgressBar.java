package io.nadb.cli;

import io.nadb.TimeSource;
import io.nadb.backup.BackupProgress;
import io.nadb.cli.text.Amounts;
import io.nadb.cli.text.Printable;
import io.nadb.maintenance.CompactionProgress;
import java.time.Duration;
import java.util.Locale;

/**
 * How far long work has come, in one line of the terminal that is written over: share, amount, rate
 * and time left. Nothing at all if nobody looks.
 */
final class ProgressBar implements BackupProgress, CompactionProgress, AutoCloseable {
  private static final long PAUSE_NANOS = 200_000_000;
  private static final double NANOS = 1e9;
  private static final int BAR = 20;
  private static final int USUAL_COLUMNS = 80;

  private final Environment environment;
  private final String what;
  private final boolean shown;
  private final int room;
  private final TimeSource time;
  private final long begun;
  private long drawn;
  private int width;

  private ProgressBar(Environment environment, String what) {
    this.environment = environment;
    this.what = what;
    this.shown = environment.screen().isErrors();
    this.room = shown ? Math.min(environment.screen().columns(), 200) : USUAL_COLUMNS;
    this.time = environment.time();
    this.begun = time.nanoTime();
    this.drawn = begun;
  }

  /** Begins; what takes no more than a moment shows none. */
  static ProgressBar begin(Environment environment, String what) {
    return new ProgressBar(environment, what);
  }

  /** Shows it; throws if the work is to end, which ends it. */
  @Override
  public void progressed(long bytes, long total) {
    CtrlC.check();
    long now = time.nanoTime();
    if (shown && now - drawn >= PAUSE_NANOS) {
      drawn = now;
      draw(line(bytes, total, now - begun));
    }
  }

  private String line(long bytes, long total, long nanos) {
    double rate = bytes / (nanos / NANOS);
    double share = total <= 0 ? 0 : Math.min(1, (double) bytes / total);
    int full = (int) Math.round(share * BAR);
    String left =
        rate <= 0 || total <= 0
            ? ""
            : ", "
                + Amounts.duration(
                    Duration.ofSeconds(Math.max(1, Math.round((total - bytes) / rate))))
                + " left";
    return String.format(
        Locale.ROOT,
        "%s %s%s %3.0f%%  %s of %s, %s/s%s",
        what,
        "█".repeat(full),
        "░".repeat(BAR - full),
        100 * share,
        Amounts.size(bytes),
        Amounts.size(total),
        Amounts.size((long) rate),
        left);
  }

  private void draw(String line) {
    String cut = line.length() >= room ? line.substring(0, room - 1) : line;
    int columns = Printable.columns(cut);
    environment.err().print("\r" + cut + " ".repeat(Math.max(0, width - columns)));
    environment.err().flush();
    width = columns;
  }

  /** Takes the line away, before something else is written; another may follow. */
  void end() {
    if (width > 0) {
      environment.err().print("\r" + " ".repeat(width) + "\r");
      environment.err().flush();
      width = 0;
    }
  }

  @Override
  public void close() {
    end();
  }
}

package io.nadb.backup;

import io.nadb.CorruptStoreException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which backups are kept: the last ones, and of some days before, the last one of each. Immutable.
 *
 * <p>Days are those of UTC, counted back from the newest backup, not from today: if none is made
 * any more, none is deleted. A backup whose manifest can't be read counts for nothing, and is
 * deleted by nobody but who says so.
 *
 * @since 0.1.0
 */
public final class Retention {
  private final int last;
  private final int days;

  private Retention(int last, int days) {
    this.last = last;
    this.days = days;
  }

  /**
   * Keeps the last backups.
   *
   * @param count how many, at least 1
   */
  public static Retention last(int count) {
    return new Retention(checked(count, 1), 0);
  }

  /**
   * Keeps one of each day, too, the last one of it.
   *
   * @param count for how many days, that of the newest backup included
   */
  public Retention daily(int count) {
    return new Retention(last, checked(count, 0));
  }

  private static int checked(int count, int least) {
    if (count < least) {
      throw new IllegalArgumentException(count + " is too few; at least " + least);
    }
    return count;
  }

  /** Chooses those that need not be kept, in their order. */
  List<Backup> useless(List<Backup> all) {
    List<Backup> sound = all.stream().filter(backup -> timeOf(backup).isPresent()).toList();
    if (sound.isEmpty()) {
      return List.of();
    }
    LocalDate newest = dayOf(sound.get(sound.size() - 1));
    Set<LocalDate> seen = new HashSet<>();
    boolean[] kept = new boolean[sound.size()];
    for (int i = sound.size() - 1; i >= 0; i--) {
      LocalDate day = dayOf(sound.get(i));
      boolean inTime = Math.max(0, ChronoUnit.DAYS.between(day, newest)) < days;
      boolean lastOfItsDay = seen.add(day);
      kept[i] = i >= sound.size() - last || (inTime && lastOfItsDay);
    }
    return IntStream.range(0, sound.size()).filter(i -> !kept[i]).mapToObj(sound::get).toList();
  }

  private static LocalDate dayOf(Backup backup) {
    return LocalDate.ofInstant(timeOf(backup).orElseThrow(), ZoneOffset.UTC);
  }

  private static Optional<Instant> timeOf(Backup backup) {
    try {
      return Optional.of(backup.time());
    } catch (CorruptStoreException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "Retention[last " + last + ", daily " + days + "]";
  }
}

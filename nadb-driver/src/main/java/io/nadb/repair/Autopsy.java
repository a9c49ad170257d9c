package io.nadb.repair;

import io.nadb.internal.lock.DirectoryOwner;
import io.nadb.repair.Finding.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the files of an {@code nadb:fs:} store tell, after a crash for example: what is durable, of
 * when it is, what was cut off and why, what is damaged. Every record is read and its checksum
 * verified; nothing is written, also where opening would be refused.
 *
 * <p>Meant for a directory that nobody is writing to. Immutable; later versions may say more.
 *
 * @since 0.1.0
 */
public final class Autopsy {
  private final Path directory;
  private final String owner;
  private final @Nullable String refusal;
  private final long sequence;
  private final @Nullable Instant time;
  private final @Nullable Path lastFile;
  private final long lastEnd;
  private final int segments;
  private final long entries;
  private final List<String> lostKeys;
  private final List<Finding> findings;

  private Autopsy(Examination of, String owner) {
    Opening opening = of.opening();
    boolean opens = opening.refusal() == null;
    long millis = opens ? opening.time() : of.time();
    this.directory = of.files().database();
    this.owner = owner;
    this.refusal = opening.refusal();
    this.sequence = opens ? opening.sequence() : of.sequence();
    this.time = millis == 0 ? null : Instant.ofEpochMilli(millis);
    this.lastFile = opens ? opening.last() : of.lastFile();
    this.lastEnd = opens ? opening.end() : of.lastEnd();
    this.segments = of.segments().size();
    this.entries = of.keys().saved().size();
    this.lostKeys = List.copyOf(of.keys().lost());
    this.findings = List.copyOf(of.findings());
  }

  /**
   * Reads all that there is.
   *
   * @param directory the one in the store's URL, if it has one database, or a database's own
   * @throws io.nadb.NadbException if there is no store, if the disk fails, if the thread is
   *     interrupted, or if a file is of a newer version of the format
   */
  public static Autopsy of(Path directory) {
    Objects.requireNonNull(directory, "directory");
    try {
      Examination examination = Examination.of(directory);
      return new Autopsy(examination, DirectoryOwner.describe(examination.files().database()));
    } catch (IOException e) {
      throw StoreFiles.failed("can't examine " + directory, e);
    }
  }

  /** The directory of the database. */
  public Path directory() {
    return directory;
  }

  /** Who has the directory open or had it last, and how that ended, in a sentence. */
  public String owner() {
    return owner;
  }

  /** Whether the store would be opened, up to {@link #sequence}. */
  public boolean opens() {
    return refusal == null;
  }

  /** Why opening would be refused: the very error; empty if it would not. */
  public Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  /** The number of the last write that is durable; 0 if there is none. */
  public long sequence() {
    return sequence;
  }

  /** When the cut was made that has that write; empty if there is none, or it has no time. */
  public Optional<Instant> time() {
    return Optional.ofNullable(time);
  }

  /** How many files of the log count. */
  public int segments() {
    return segments;
  }

  /** How many entries are whole, expired ones included. */
  public long entries() {
    return entries;
  }

  /** The entries of which only the name is left, as {@code namespace/key}; unmodifiable. */
  public List<String> lostKeys() {
    return lostKeys;
  }

  /** What does not count, or is not as it was written; unmodifiable. */
  public List<Finding> findings() {
    return findings;
  }

  /** Whether nothing that counted is damaged, missing or out of place. */
  public boolean isSound() {
    return opens()
        && findings.stream()
            .noneMatch(each -> each.kind() == Kind.LOST || each.kind() == Kind.STRANGE);
  }

  /**
   * Tells all of it to people, in some lines.
   *
   * @param now the time, from which the age of what is durable is counted
   */
  public String report(Instant now) {
    List<String> lines = new ArrayList<>();
    lines.add(directory + ": " + owner);
    lines.add(
        sequence == 0
            ? "Nothing is durable in it."
            : "Durable is all up to write "
                + sequence
                + time().map(then -> ", of " + then + " (" + age(then, now) + ")").orElse("")
                + ": "
                + lastFile
                + ", up to offset "
                + lastEnd
                + ". "
                + entries
                + " entries in "
                + segments
                + (segments == 1 ? " segment" : " segments")
                + " are whole.");
    lines.add(
        refusal == null
            ? "It opens" + (isSound() ? "." : ", but not all of it can be read.")
            : "Opening it is refused: " + refusal);
    tell(lines, "Lost:", Kind.LOST);
    tell(lines, "Cut off:", Kind.CUT_OFF);
    tell(lines, "Not of this log, or of another moment:", Kind.STRANGE);
    tell(lines, "Of no use any more:", Kind.USELESS);
    if (!lostKeys.isEmpty()) {
      lines.add("Entries that are lost: " + String.join(", ", lostKeys));
    }
    return String.join("\n", lines) + "\n";
  }

  private void tell(List<String> lines, String title, Kind kind) {
    List<Finding> some = findings.stream().filter(each -> each.kind() == kind).toList();
    if (!some.isEmpty()) {
      lines.add(title);
      some.forEach(each -> lines.add("  " + each));
    }
  }

  private static String age(Instant then, Instant now) {
    Duration age = Duration.between(then, now);
    if (age.isNegative()) {
      return "in the future by this clock";
    }
    long seconds = age.toSeconds();
    return seconds < 120
        ? seconds + " s ago"
        : seconds < 7200
            ? seconds / 60 + " min ago"
            : seconds < 172_800 ? seconds / 3600 + " h ago" : seconds / 86_400 + " days ago";
  }

  @Override
  public String toString() {
    return "Autopsy["
        + directory
        + ", up to "
        + sequence
        + ", "
        + (opens() ? "opens" : "is refused")
        + ", "
        + findings.size()
        + " findings]";
  }
}

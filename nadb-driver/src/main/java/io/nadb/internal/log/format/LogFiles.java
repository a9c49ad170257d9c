package io.nadb.internal.log.format;

import io.nadb.NadbException;
import io.nadb.internal.failure.Reason;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of the files in a log's directory. */
public final class LogFiles {
  private static final Pattern SEGMENT = Pattern.compile("(\\d{10})\\.seg");
  private static final Pattern TEMPORARY =
      Pattern.compile("\\d{10}\\.seg\\.(compact|new)|nadb\\.lineage\\.new");

  private LogFiles() {}

  /** A segment's file and the number in its name. */
  public record Found(long ordinal, Path file) {}

  public static Path segment(Path directory, long ordinal) {
    return directory.resolve(name(ordinal));
  }

  /** What the file of a segment is called. */
  public static String name(long ordinal) {
    return String.format(Locale.ROOT, "%010d.seg", ordinal);
  }

  /** Sees to it that a directory which is to be written to is no backup. */
  public static void refuseBackup(Path directory) {
    if (Files.exists(manifest(directory))) {
      throw new NadbException(
          directory
              + " is a backup, whose files others may share: nothing was changed. Open it with"
              + " access=read, or restore it to another directory");
    }
  }

  /** What a backup has beside its log, and nothing else has. */
  public static Path manifest(Path directory) {
    return directory.resolve("backup.manifest");
  }

  public static Path compacted(Path segment) {
    return segment.resolveSibling(segment.getFileName() + ".compact");
  }

  /** What a segment is called until its header is on disk. */
  public static Path unfinished(Path segment) {
    return segment.resolveSibling(segment.getFileName() + ".new");
  }

  /** Lists the segments, by ordinal. */
  public static List<Found> segments(Path directory) throws IOException {
    List<Found> found = new ArrayList<>();
    for (Path file : list(directory)) {
      Matcher matcher = SEGMENT.matcher(String.valueOf(file.getFileName()));
      if (matcher.matches()) {
        found.add(new Found(Long.parseLong(matcher.group(1)), file));
      }
    }
    found.sort(Comparator.comparingLong(Found::ordinal));
    return found;
  }

  /** Lists what a crash may have left half done, and hints without a segment. */
  public static List<Path> leftovers(Path directory) throws IOException {
    List<Path> leftovers = new ArrayList<>();
    for (Path file : list(directory)) {
      String name = String.valueOf(file.getFileName());
      boolean orphan =
          name.endsWith(".hint")
              && Files.notExists(
                  file.resolveSibling(name.substring(0, name.length() - 5) + ".seg"));
      if (orphan || TEMPORARY.matcher(name).matches()) {
        leftovers.add(file);
      }
    }
    return leftovers;
  }

  private static List<Path> list(Path directory) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      files.forEach(found::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) { // Undeclared: a failure to close comes out of the JDK as it is.
      throw new IOException(directory + ": listing the files failed: " + Reason.of(e), e);
    }
    return found;
  }
}

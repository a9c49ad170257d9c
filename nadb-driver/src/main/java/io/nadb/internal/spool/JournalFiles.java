package io.nadb.internal.spool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The names of a journal's files, and what they begin with. */
final class JournalFiles {
  private static final String ANY_START = "nadb spool ";

  static final byte[] START = (ANY_START + "1\n").getBytes(StandardCharsets.UTF_8);

  private static final Pattern NAME = Pattern.compile("([0-9]{10})\\.journal");

  private JournalFiles() {}

  /**
   * Whether a file begins as one of this or of another version, and not just with its first bytes.
   */
  static boolean isOfAnyVersion(byte[] bytes) {
    return bytes.length >= START.length
        && new String(bytes, 0, ANY_START.length(), StandardCharsets.UTF_8).equals(ANY_START);
  }

  static Path file(Path directory, long ordinal) {
    return directory.resolve(String.format(Locale.ROOT, "%010d.journal", ordinal));
  }

  /** The files that are there, the oldest first. */
  static SortedMap<Long, Path> in(Path directory) throws IOException {
    SortedMap<Long, Path> found = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      files.forEach(
          file -> {
            Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
            if (name.matches()) {
              found.put(Long.parseLong(name.group(1)), file);
            }
          });
    }
    return found;
  }
}

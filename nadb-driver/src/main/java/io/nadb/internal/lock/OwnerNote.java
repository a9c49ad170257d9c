package io.nadb.internal.lock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code nadb.owner} says: who has the directory open, or had it last.
 *
 * @param owner the process
 * @param since when it opened the directory, by its store's clock
 * @param path the directory's path, as the owner sees it
 * @param directory the directory's {@link FileId}, by which a note is known that was copied along
 * @param lock the {@link FileId} of the file that is locked
 * @param token a number that no other claim has
 * @param isOpen whether the owner has not closed it
 */
record OwnerNote(
    ProcessIdentity owner,
    String since,
    String path,
    String directory,
    String lock,
    String token,
    boolean isOpen) {
  private static final String FIRST_LINE = "Who has this directory open, or had it last; by NADB";

  static OwnerNote of(
      ProcessIdentity owner, Instant now, Path path, String directory, String lock, String token) {
    return new OwnerNote(owner, now.toString(), path.toString(), directory, lock, token, true);
  }

  /** The note that the owner leaves behind. */
  OwnerNote closed() {
    return new OwnerNote(owner, since, path, directory, lock, token, false);
  }

  /** Writes it, whole or not at all. */
  void write(Path file) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(unfinished, text());
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  String text() {
    return String.join(
        "\n",
        FIRST_LINE,
        "state: " + (isOpen ? "open" : "closed"),
        "pid: " + owner.pid(),
        "host: " + owner.host(),
        "since: " + since,
        "boot: " + owner.boot(),
        "namespaces: " + owner.namespaces(),
        "start: " + owner.start(),
        "path: " + path,
        "directory: " + directory,
        "lock: " + lock,
        "token: " + token,
        "");
  }

  /** Reads a note; null if there is none that can be read. */
  static @Nullable OwnerNote read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable OwnerNote parse(String text) {
    Map<String, String> fields = new HashMap<>();
    text.lines()
        .map(line -> line.split(": ?", 2))
        .filter(parts -> parts.length == 2)
        .forEach(parts -> fields.put(parts[0], parts[1]));
    String token = fields.getOrDefault("token", "");
    String pid = fields.getOrDefault("pid", "");
    if (token.isEmpty() || !pid.matches("\\d{1,18}")) {
      return null; // Damaged, or of another version: then the lock alone decides.
    }
    ProcessIdentity owner =
        new ProcessIdentity(
            Long.parseLong(pid),
            fields.getOrDefault("host", ""),
            fields.getOrDefault("boot", ""),
            fields.getOrDefault("namespaces", ""),
            fields.getOrDefault("start", ""));
    return new OwnerNote(
        owner,
        fields.getOrDefault("since", ""),
        fields.getOrDefault("path", ""),
        fields.getOrDefault("directory", ""),
        fields.getOrDefault("lock", ""),
        token,
        !fields.getOrDefault("state", "").equals("closed"));
  }

  /** Names the owner in an error. */
  String shown() {
    return process() + ", since " + since;
  }

  /** Names the owner's process alone. */
  String process() {
    return "pid " + owner.pid() + " on host " + owner.host();
  }
}

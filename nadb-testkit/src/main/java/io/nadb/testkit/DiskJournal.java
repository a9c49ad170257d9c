package io.nadb.testkit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to take back everything that was done to a disk and not synced: what a power cut does.
 *
 * <p>The files are always what a running process sees. Each change enters here how to undo it; a
 * sync of a file forgets that for its content, and a sync of a directory for the names in it. A
 * file that is deleted or replaced waits in an attic until its directory is synced.
 *
 * <p>To be used by one thread at a time.
 */
final class DiskJournal {
  private static final int ZEROS_KEPT = 8192;

  private final Path attic;
  private final Map<Path, Content> contents = new HashMap<>();
  private final List<Undo> undos = new ArrayList<>();
  private int stored;

  /** Keeps deleted files in a directory, which is created when it is needed. */
  DiskJournal(Path attic) {
    this.attic = attic;
  }

  /** A file, whatever it is called. */
  static final class Content {
    Path path;

    /** Beyond this there are only zeros, if anything. */
    long dataEnd;

    Content(Path path, long dataEnd) {
      this.path = path;
      this.dataEnd = dataEnd;
    }
  }

  /** Takes one change back. */
  private interface Action {
    void run() throws IOException;
  }

  /**
   * A change.
   *
   * @param content the file whose content it changed, or null
   * @param directory the directory in which it changed a name, or null
   * @param attic the file in the attic that it needs, or null
   */
  private record Undo(
      @Nullable Content content, @Nullable Path directory, @Nullable Path attic, Action action) {}

  Content content(Path path) throws IOException {
    Content known = contents.get(path);
    if (known == null) {
      known = new Content(path, Files.exists(path) ? Files.size(path) : 0);
      contents.put(path, known);
    }
    return known;
  }

  void created(Path path) throws IOException {
    Content content = new Content(path, 0);
    contents.put(path, content);
    undos.add(
        new Undo(
            null,
            path.getParent(),
            null,
            () -> {
              Files.deleteIfExists(content.path);
              contents.remove(content.path, content);
            }));
  }

  /** To be called before a write. */
  void beforeWrite(Content content, long position, int length) throws IOException {
    long fileLength = Files.size(content.path);
    byte[] old = read(content, position, Math.min(length, content.dataEnd - position));
    long zeros = Math.min(length, fileLength - position);
    undos.add(
        new Undo(
            content,
            null,
            null,
            () -> {
              try (RandomAccessFile file = new RandomAccessFile(content.path.toFile(), "rw")) {
                file.seek(position);
                file.write(Arrays.copyOf(old, (int) Math.max(zeros, 0)));
                file.setLength(fileLength);
              }
            }));
    content.dataEnd = Math.max(content.dataEnd, position + length);
  }

  /** To be called before the file is cut or extended. */
  void beforeSetLength(Content content, long length) throws IOException {
    long fileLength = Files.size(content.path);
    byte[] tail = read(content, length, content.dataEnd - length);
    undos.add(
        new Undo(
            content,
            null,
            null,
            () -> {
              try (RandomAccessFile file = new RandomAccessFile(content.path.toFile(), "rw")) {
                file.setLength(fileLength);
                if (tail.length > 0) {
                  file.seek(length);
                  file.write(tail);
                }
              }
            }));
    content.dataEnd = Math.min(content.dataEnd, length);
  }

  private static byte[] read(Content content, long position, long wanted) throws IOException {
    long length = Math.min(wanted, Files.size(content.path) - position);
    if (length <= 0) {
      return new byte[0];
    }
    byte[] bytes = new byte[Math.toIntExact(length)];
    try (RandomAccessFile file = new RandomAccessFile(content.path.toFile(), "r")) {
      file.seek(position);
      file.readFully(bytes);
    }
    return bytes;
  }

  void delete(Path path) throws IOException {
    if (Files.exists(path)) {
      Content content = content(path);
      contents.remove(path);
      Path kept = store(path);
      content.path = kept;
      undos.add(new Undo(null, path.getParent(), kept, () -> restore(content, kept, path)));
    }
  }

  void rename(Path from, Path to) throws IOException {
    if (Files.exists(to)) {
      Content replaced = content(to);
      Path kept = store(to);
      replaced.path = kept;
      undos.add(new Undo(null, to.getParent(), kept, () -> restore(replaced, kept, to)));
    }
    Content content = content(from);
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    contents.remove(from);
    contents.put(to, content);
    content.path = to;
    undos.add(new Undo(null, to.getParent(), null, () -> restore(content, to, from)));
  }

  private Path store(Path path) throws IOException {
    Files.createDirectories(attic);
    Path kept = attic.resolve(Integer.toString(stored++));
    return Files.move(path, kept, StandardCopyOption.ATOMIC_MOVE);
  }

  private void restore(Content content, Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    contents.remove(from, content);
    contents.put(to, content);
    content.path = to;
  }

  void synced(Content content) {
    undos.removeIf(undo -> undo.content == content);
  }

  void directorySynced(Path directory) throws IOException {
    for (Undo undo : List.copyOf(undos)) {
      if (directory.equals(undo.directory)) {
        undos.remove(undo);
        if (undo.attic != null) {
          undos.removeIf(other -> other.content != null && other.content.path == undo.attic);
          Files.deleteIfExists(undo.attic);
        }
      }
    }
  }

  /** Copies the files of a log, and leaves the zeros at their ends out. */
  void copy(Path from, Path to) throws IOException {
    for (Path file : Directories.files(from)) {
      if (String.valueOf(file.getParent()).endsWith("log")) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.resolveSibling("."));
        Content content = content(file);
        Files.write(target, read(content, 0, content.dataEnd));
      }
    }
  }

  /**
   * Shortens files that end with many zeros: a recovery reads them all, and learns nothing by it.
   */
  void trim() throws IOException {
    for (Content content : contents.values()) {
      if (Files.exists(content.path) && Files.size(content.path) > content.dataEnd + ZEROS_KEPT) {
        try (RandomAccessFile file = new RandomAccessFile(content.path.toFile(), "rw")) {
          file.setLength(content.dataEnd + ZEROS_KEPT);
        }
      }
    }
  }

  /** What is there now has come to the disk after all. */
  void keepAll() throws IOException {
    for (Undo undo : undos) {
      if (undo.attic != null) {
        Files.deleteIfExists(undo.attic);
      }
    }
    undos.clear();
  }

  /**
   * Takes back all that was not synced, but for the content of hints: each file has its own moment,
   * and a file that is only derived from others may well be ahead of them.
   */
  void undoAll() throws IOException {
    List<Undo> latestFirst = new ArrayList<>(undos);
    Collections.reverse(latestFirst);
    undos.clear();
    for (Undo undo : latestFirst) {
      if (undo.content == null || !undo.content.path.toString().endsWith(".hint")) {
        undo.action.run();
      }
    }
    contents.values().removeIf(content -> Files.notExists(content.path));
  }
}

package io.nadb.samples.quickstart;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of a folder, symbolic links not followed (so a loop of them is no danger).
 *
 * @param files the regular files, relative to the folder, in order
 * @param bytes their size in all
 * @param notes what was left out, and why
 */
record Listing(List<Path> files, long bytes, List<String> notes) {
  private static final Set<String> LEFT_OUT = Set.of(".git", "target");

  static Listing of(Path folder, long maxFileBytes) throws IOException {
    Walk walk = new Walk(folder, maxFileBytes);
    Files.walkFileTree(folder, walk);
    walk.files.sort(null);
    return new Listing(List.copyOf(walk.files), walk.bytes, List.copyOf(walk.notes));
  }

  private static final class Walk extends SimpleFileVisitor<Path> {
    private final List<Path> files = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Path folder;
    private final long maxFileBytes;
    private long bytes;

    Walk(Path folder, long maxFileBytes) {
      this.folder = folder;
      this.maxFileBytes = maxFileBytes;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      if (!directory.equals(folder) && LEFT_OUT.contains(directory.getFileName().toString())) {
        return leaveOut(directory, "left out by its name", FileVisitResult.SKIP_SUBTREE);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isSymbolicLink()) {
        return leaveOut(file, "symbolic link", FileVisitResult.CONTINUE);
      }
      if (!attributes.isRegularFile()) {
        return leaveOut(file, "not a regular file", FileVisitResult.CONTINUE);
      }
      if (attributes.size() > maxFileBytes) {
        String size = Text.bytes(attributes.size());
        return leaveOut(file, size + ", too big for this heap", FileVisitResult.CONTINUE);
      }
      files.add(folder.relativize(file));
      bytes += attributes.size();
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (file.equals(folder)) {
        throw e;
      }
      return leaveOut(file, Text.reason(e), FileVisitResult.CONTINUE);
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
      return e == null
          ? FileVisitResult.CONTINUE
          : leaveOut(directory, "the rest: " + Text.reason(e), FileVisitResult.CONTINUE);
    }

    private FileVisitResult leaveOut(Path path, String why, FileVisitResult next) {
      notes.add(folder.relativize(path) + " (" + why + ")");
      return next;
    }
  }
}

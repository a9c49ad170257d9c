package io.nadb.testing;

import io.nadb.testing.DiskOperation.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What a directory of a {@link SimulatedDisk} may look like after a crash at some moment.
 *
 * <p>A file's content is sure up to its last sync; of what was done to it later, each part may be
 * there or not, in blocks. Names are sure up to the last sync of their directory; of what was done
 * later, each may have happened or not. A sync of a file says nothing of its name.
 */
public final class CrashImage {
  private static final int[] BLOCKS = {512, 4096};

  private final Map<Integer, byte[]> contents = new HashMap<>();
  private final Map<Integer, List<DiskOperation>> pending = new HashMap<>();
  private final Map<Path, Integer> names;
  private final List<DiskOperation> pendingNames = new ArrayList<>();
  private int count;

  /** What becomes of that which is not sure. */
  public enum Fate {
    /** All of it is there: the process was killed, the machine goes on. */
    KEPT,
    /** Nothing of it is there. */
    LOST,
    /** Names are, contents are not. */
    NAMES_KEPT,
    /** Contents are, names are not. */
    CONTENTS_KEPT,
    /** All but the last thing that was done, which is torn. */
    TORN,
    /** Dice decide for each name and each block. */
    RANDOM
  }

  /** Goes on to the moment when {@code later} operations had been done. */
  public void advance(List<DiskOperation> operations, int later) {
    operations.subList(count, later).forEach(this::follow);
    count = later;
  }

  /** Begins with the disk as it was before the first operation. */
  public CrashImage(SimulatedDisk disk) {
    contents.putAll(disk.initialContents());
    names = new HashMap<>(disk.initialNames());
  }

  private void follow(DiskOperation operation) {
    if (!operation.happened()) {
      return;
    }
    switch (operation.kind()) {
      case CREATE -> {
        pendingNames.add(operation);
        contents.put(operation.inode(), new byte[0]);
        pendingOf(operation.inode()).add(operation);
      }
      case OPEN, WRITE, SET_LENGTH -> pendingOf(operation.inode()).add(operation);
      case SYNC -> {
        byte[] content = contentOf(operation.inode());
        for (DiskOperation change : pendingOf(operation.inode())) {
          content = apply(change, content);
        }
        contents.put(operation.inode(), content);
        pending.remove(operation.inode());
      }
      case RENAME, DELETE -> pendingNames.add(operation);
      case SYNC_DIRECTORY -> {
        List<DiskOperation> done =
            pendingNames.stream()
                .filter(change -> operation.path().equals(change.target().getParent()))
                .toList();
        done.forEach(change -> apply(change, names));
        pendingNames.removeAll(done);
      }
    }
  }

  /** Whether nothing is in doubt at this moment, so that all fates are the same. */
  public boolean isCertain() {
    return pendingNames.isEmpty() && pending.isEmpty();
  }

  /**
   * Writes the image down.
   *
   * @param from the directory of the store as it is
   * @param to a directory to be made
   */
  public void write(Path from, Path to, Fate fate, Random random) throws IOException {
    Map<Path, Integer> found = new HashMap<>(names);
    for (int i = 0; i < pendingNames.size(); i++) {
      boolean keeps =
          switch (fate) {
            case KEPT, NAMES_KEPT -> true;
            case LOST, CONTENTS_KEPT -> false;
            case TORN -> i + 1 < pendingNames.size();
            case RANDOM -> random.nextBoolean();
          };
      if (keeps) {
        apply(pendingNames.get(i), found);
      }
    }
    Files.createDirectories(to.resolve("log"));
    for (Map.Entry<Path, Integer> name : found.entrySet()) {
      Path target = to.resolve(from.relativize(name.getKey()).toString());
      Files.write(target, contentAfter(name.getValue(), fate, random));
    }
  }

  private byte[] contentAfter(int inode, Fate fate, Random random) {
    byte[] content = contentOf(inode);
    List<DiskOperation> changes = pending.getOrDefault(inode, List.of());
    int block = BLOCKS[random.nextInt(BLOCKS.length)];
    for (int i = 0; i < changes.size(); i++) {
      DiskOperation change = changes.get(i);
      switch (fate) {
        case KEPT, CONTENTS_KEPT -> content = apply(change, content);
        case LOST, NAMES_KEPT -> {}
        case TORN ->
            content =
                i + 1 < changes.size() ? apply(change, content) : torn(change, content, block);
        case RANDOM -> content = scattered(change, content, block, random);
      }
    }
    return content;
  }

  private static byte[] torn(DiskOperation change, byte[] content, int block) {
    if (change.kind() != Kind.WRITE) {
      return content;
    }
    long half = change.offset() + change.bytes().length / 2;
    int kept = (int) Math.max(0, half - half % block - change.offset());
    return write(content, change.offset(), change.bytes(), 0, kept);
  }

  private static byte[] scattered(DiskOperation change, byte[] content, int block, Random random) {
    if (change.kind() != Kind.WRITE) {
      return random.nextBoolean() ? apply(change, content) : content;
    }
    byte[] result = content;
    int length = change.bytes().length;
    int odds = random.nextInt(4); // Often nearly all, sometimes nearly nothing.
    for (int at = 0; at < length; ) {
      int end = (int) Math.min(length, at + block - (change.offset() + at) % block);
      if (random.nextInt(4) >= odds) {
        result = write(result, change.offset() + at, change.bytes(), at, end);
      }
      at = end;
    }
    return result;
  }

  private static byte[] apply(DiskOperation change, byte[] content) {
    return switch (change.kind()) {
      case WRITE -> write(content, change.offset(), change.bytes(), 0, change.bytes().length);
      case CREATE, OPEN, SET_LENGTH -> Arrays.copyOf(content, (int) change.offset());
      default -> content;
    };
  }

  private static byte[] write(byte[] content, long offset, byte[] bytes, int from, int to) {
    if (to <= from) {
      return content;
    }
    int start = (int) offset;
    byte[] result = Arrays.copyOf(content, Math.max(content.length, start + to - from));
    System.arraycopy(bytes, from, result, start, to - from);
    return result;
  }

  private static void apply(DiskOperation change, Map<Path, Integer> names) {
    switch (change.kind()) {
      case CREATE -> names.put(change.path(), change.inode());
      case DELETE -> names.remove(change.path(), change.inode());
      case RENAME -> {
        names.remove(change.path(), change.inode());
        names.put(change.target(), change.inode());
      }
      default -> throw new IllegalArgumentException(change.toString());
    }
  }

  private byte[] contentOf(int inode) {
    byte[] content = contents.get(inode);
    if (content == null) {
      throw new IllegalStateException("no file " + inode);
    }
    return content;
  }

  private List<DiskOperation> pendingOf(int inode) {
    return pending.computeIfAbsent(inode, same -> new ArrayList<>());
  }

  /** Whether a file belongs to the log, so that its changes go through the simulated disk. */
  static boolean isOfTheLog(Path file) {
    Path parent = file.getParent();
    return parent != null && String.valueOf(parent.getFileName()).equals("log");
  }

  /** Copies a store's directory as a killed process would leave it, apart from who holds it. */
  public static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.resolve("log"));
    try (var files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = String.valueOf(file.getFileName());
        if (!name.startsWith("nadb.")) {
          Files.copy(file, to.resolve(from.relativize(file).toString()));
        }
      }
    }
  }
}

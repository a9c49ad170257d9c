package io.nadb.testkit.disk;

import io.nadb.testkit.disk.DiskOperation.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a directory of a {@link SimulatedDisk} may look like after a crash at some moment.
 *
 * <p>A file's content is sure up to its last sync; of what was done to it later, each part may be
 * there or not, in blocks, and each file has its own moment. Names are sure up to the last sync of
 * their directory; of what was done later, each may have happened or not. A sync of a file says
 * nothing of its name. What a failed sync should have made sure stays unsure for ever, whatever
 * later syncs say: only writing it once more helps.
 *
 * @since 0.1.0
 */
public final class CrashImage {
  private static final int[] BLOCKS = {512, 4096};

  private final Map<Integer, PendingContent> contents = new HashMap<>();
  private final Map<Path, Integer> names = new HashMap<>();
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
    /** One file has everything, the others nothing. */
    AHEAD,
    /** One file has nothing, the others everything. */
    LAGS,
    /** Each file was written up to a moment of its own, where it is torn, and so are the names. */
    MOMENTS,
    /** Dice decide for each name and each block. */
    RANDOM
  }

  CrashImage() {}

  /** Begins with the disk as it was before the first operation. */
  public CrashImage(SimulatedDisk disk) {
    Map<Integer, byte[]> found = disk.initialContents();
    disk.initialNames()
        .forEach((name, inode) -> found(name, inode, Objects.requireNonNull(found.get(inode))));
  }

  /** A file is there that nothing has been done to. */
  void found(Path name, int inode, byte[] content) {
    names.put(name, inode);
    contents.put(inode, new PendingContent(content));
  }

  /** Goes on to the moment when {@code later} operations had been done. */
  public void advance(List<DiskOperation> operations, int later) {
    operations.subList(count, later).forEach(this::follow);
    count = later;
  }

  void follow(DiskOperation operation) {
    PendingContent content =
        contents.computeIfAbsent(operation.inode(), inode -> new PendingContent(new byte[0]));
    switch (operation.kind()) {
      case SYNC -> {
        if (operation.happened()) {
          content.synced();
        } else {
          content.syncFailed();
        }
      }
      case CREATE -> {
        if (operation.happened()) {
          pendingNames.add(operation);
          content.add(operation);
        }
      }
      case OPEN, WRITE, SET_LENGTH -> {
        if (operation.happened()) {
          content.add(operation);
        }
      }
      case CLOSE -> {} // Says nothing of what is on disk.
      case CREATE_DIRECTORY, RENAME, LINK, DELETE -> {
        if (operation.happened()) {
          pendingNames.add(operation);
        }
      }
      case SYNC_DIRECTORY -> {
        if (operation.happened()) {
          syncNames(operation.path());
          forgetWhatHasNoName();
        }
      }
    }
  }

  /** What was done in a directory becomes sure, whatever that is called on the disk by now. */
  private void syncNames(Path directory) {
    List<DiskOperation> rest = new ArrayList<>();
    Deque<DiskOperation> unsure = new ArrayDeque<>();
    for (DiskOperation change : pendingNames) {
      if (directory.equals(change.target().getParent())) {
        apply(before(change, unsure), names, null);
        if (change.renamesDirectory()) {
          rest.replaceAll(other -> other.moved(change.path(), change.target()));
        }
      } else {
        rest.add(change);
        if (change.renamesDirectory()) {
          unsure.push(change);
        }
      }
    }
    pendingNames.clear();
    pendingNames.addAll(rest);
  }

  /** A change by the names that directories have if they were not renamed; the latest first. */
  private static DiskOperation before(DiskOperation change, Deque<DiskOperation> renames) {
    DiskOperation moved = change;
    for (DiskOperation rename : renames) {
      moved = moved.moved(rename.target(), rename.path());
    }
    return moved;
  }

  private void forgetWhatHasNoName() {
    Set<Integer> found = new HashSet<>(names.values());
    pendingNames.forEach(change -> found.add(change.inode()));
    contents.keySet().retainAll(found);
  }

  /** Whether nothing is in doubt at this moment, so that all fates are the same. */
  public boolean isCertain() {
    return pendingNames.isEmpty() && contents.values().stream().allMatch(PendingContent::isCertain);
  }

  /**
   * Writes the image down.
   *
   * @param from the directory of the store as it is
   * @param to a directory to be made
   */
  public void write(Path from, Path to, Fate fate, Random random) throws IOException {
    Aftermath left = leave(name -> fate, random);
    Files.createDirectories(to);
    if (left.has(from.resolve("log"))) {
      Files.createDirectories(to.resolve("log"));
    }
    left.copy(from, to, Integer.MAX_VALUE);
    leaveNote(to);
  }

  /**
   * Writes down all that is left below a directory, be it of stores or of anything else.
   *
   * @param from the directory as it is
   * @param to a directory to be made
   */
  public void writeAll(Path from, Path to, Fate fate, Random random) throws IOException {
    Files.createDirectories(to);
    leave(name -> fate, random).copy(from, to, Integer.MAX_VALUE);
  }

  /** Decides for each file and each name. */
  Aftermath leave(Function<Path, Fate> fates, Random random) {
    Map<Path, Integer> found = new HashMap<>(names);
    Set<Path> missing = new HashSet<>();
    Deque<DiskOperation> lost = new ArrayDeque<>();
    int moment = random.nextInt(pendingNames.size() + 1);
    for (int i = 0; i < pendingNames.size(); i++) {
      DiskOperation change = pendingNames.get(i);
      boolean keeps =
          switch (fates.apply(change.target())) {
            case KEPT, NAMES_KEPT, AHEAD, LAGS -> true;
            case LOST, CONTENTS_KEPT -> false;
            case TORN -> i + 1 < pendingNames.size();
            case MOMENTS -> i < moment;
            case RANDOM -> random.nextBoolean();
          };
      DiskOperation there = before(change, lost);
      if (keeps) {
        apply(there, found, null);
        if (change.renamesDirectory()) {
          move(missing, there);
        }
      } else {
        apply(there, Map.of(), missing);
        if (change.renamesDirectory()) {
          lost.push(change);
        }
      }
    }
    int chosen = chosen(found, random);
    Map<Path, PendingContent.Buffer> left = new TreeMap<>();
    for (Path name : new TreeSet<>(found.keySet())) {
      int inode = found.getOrDefault(name, -1);
      Fate fate = fates.apply(name);
      Fate own =
          switch (fate) {
            case AHEAD -> inode == chosen ? Fate.KEPT : Fate.LOST;
            case LAGS -> inode == chosen ? Fate.LOST : Fate.KEPT;
            default -> fate;
          };
      int block = BLOCKS[random.nextInt(BLOCKS.length)];
      left.put(name, contentOf(inode).after(own, block, random));
    }
    return new Aftermath(left, missing);
  }

  /** Names that are missing below a directory go with it; its own is there again. */
  private static void move(Set<Path> missing, DiskOperation rename) {
    Set<Path> below = new HashSet<>(missing);
    below.removeIf(name -> !name.startsWith(rename.path()));
    missing.removeAll(below);
    below.remove(rename.path());
    below.forEach(name -> missing.add(DiskOperation.moved(name, rename.path(), rename.target())));
  }

  /** Knows of no file any more. */
  void clear() {
    contents.clear();
    names.clear();
    pendingNames.clear();
  }

  /** All that was done has come to the disk. */
  void becomeSure() {
    contents.values().forEach(PendingContent::becomeSure);
    pendingNames.forEach(change -> apply(change, names, null));
    pendingNames.clear();
  }

  /** Chooses one of the files that are in doubt. */
  private int chosen(Map<Path, Integer> found, Random random) {
    int[] unsure =
        found.values().stream()
            .mapToInt(inode -> inode)
            .filter(inode -> !contentOf(inode).isCertain())
            .sorted()
            .toArray();
    return unsure.length == 0 ? -1 : unsure[random.nextInt(unsure.length)];
  }

  private static void apply(
      DiskOperation change, Map<Path, Integer> names, @Nullable Set<Path> missing) {
    if (change.kind() == Kind.CREATE_DIRECTORY) {
      if (missing != null) {
        missing.add(change.path());
      }
    } else if (missing == null) {
      switch (change.kind()) {
        case CREATE -> names.put(change.path(), change.inode());
        case DELETE -> names.remove(change.path(), change.inode());
        case LINK -> names.put(change.target(), change.inode());
        case RENAME -> {
          if (change.inode() < 0) {
            renameDirectory(names, change.path(), change.target());
            return;
          }
          names.remove(change.path(), change.inode());
          names.put(change.target(), change.inode());
        }
        default -> throw new IllegalArgumentException(change.toString());
      }
    }
  }

  private PendingContent contentOf(int inode) {
    PendingContent content = contents.get(inode);
    if (content == null) {
      throw new IllegalStateException("no file " + inode);
    }
    return content;
  }

  /** Gives everything below a directory the names that it has when the directory is renamed. */
  static void renameDirectory(Map<Path, Integer> names, Path from, Path to) {
    Map<Path, Integer> moved = new HashMap<>(names);
    moved.keySet().removeIf(name -> !name.startsWith(from));
    names.keySet().removeAll(moved.keySet());
    moved.forEach((name, inode) -> names.put(to.resolve(from.relativize(name)), inode));
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
        if (isOfTheLog(file) || !name.startsWith("nadb.")) {
          Files.copy(file, to.resolve(from.relativize(file).toString()));
        }
      }
    }
    leaveNote(to);
  }

  /** Without a note, the next owner would not dare to go on in the last segment. */
  private static void leaveNote(Path directory) throws IOException {
    Files.writeString(directory.resolve("nadb.owner"), "state: closed\npid: 1\ntoken: image\n");
  }
}

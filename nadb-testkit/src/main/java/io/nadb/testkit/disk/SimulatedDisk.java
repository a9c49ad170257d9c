package io.nadb.testkit.disk;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.spi.StorageIo;
import io.nadb.testkit.disk.DiskOperation.Kind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A disk over a real directory that writes down everything that is done to it, can be made to fail,
 * and from which {@link CrashImage}s can be made: what would be found after a power cut.
 *
 * @since 0.1.0
 */
public final class SimulatedDisk implements StorageIo {
  private static final byte[] NOTHING = {};

  /** After a power cut, files end with so many zeros at most. */
  private static final int ZEROS_KEPT = 8192;

  private final StorageIo real = StorageIo.system();
  private final Map<Path, Integer> inodes = new HashMap<>();
  private final Map<Integer, byte[]> initial = new HashMap<>();
  private final Map<Path, Integer> initialNames = new HashMap<>();

  /** What has been done, if that is written down. */
  private final @Nullable List<DiskOperation> operations;

  /** What may be left of it now. */
  private final CrashImage now = new CrashImage();

  private int count;
  private int nextInode;
  private IntFunction<@Nullable Fault> faults = index -> null;
  private long freeBytes = Long.MAX_VALUE;
  private boolean killed;

  /** What happens to an operation. */
  public enum Fault {
    /** Nothing of it is done. */
    REFUSED,
    /** Half of a write, or all of anything else but a sync, is done before it fails. */
    HALF_DONE
  }

  /** Begins with what is in the directory now, all of it on disk for sure. */
  public SimulatedDisk(Path root) throws IOException {
    this(new ArrayList<>());
    if (Files.isDirectory(root)) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          if (CrashImage.isOfTheLog(file)) {
            find(file);
          }
        }
      }
    }
  }

  private SimulatedDisk(@Nullable List<DiskOperation> operations) {
    this.operations = operations;
  }

  /** A disk that does not write down what has been done, and only knows what may be left of it. */
  public static SimulatedDisk withoutRecord() {
    return new SimulatedDisk((List<DiskOperation>) null);
  }

  /** Gets to know a file that somebody else has made: all of it is on disk for sure. */
  private int find(Path file) throws IOException {
    int inode = nextInode++;
    byte[] content = Files.readAllBytes(file);
    if (operations != null) {
      initial.put(inode, content);
      initialNames.put(file, inode);
    }
    now.found(file, inode, content);
    inodes.put(file, inode);
    return inode;
  }

  /** Decides for the operation of each index (the first is 0) whether it fails. */
  public synchronized void failing(IntFunction<@Nullable Fault> decision) {
    faults = decision;
  }

  /** Nothing fails any more, and there is room. */
  public synchronized void heal() {
    faults = index -> null;
    freeBytes = Long.MAX_VALUE;
  }

  /** From now on only so many bytes can be written. */
  public synchronized void limitFreeBytes(long bytes) {
    freeBytes = bytes;
  }

  /**
   * The process that uses the disk is killed: whatever else it tries fails, and the disk knows
   * nothing of it. What was not sure is still not sure when the next process comes.
   */
  public synchronized void kill() {
    killed = true;
  }

  /** Another process uses the disk from now on. */
  public synchronized void restart() {
    killed = false;
  }

  @GuardedBy("this")
  void checkAlive() throws IOException {
    if (killed) {
      throw new IOException("the process was killed");
    }
  }

  @GuardedBy("this")
  boolean isKilled() {
    return killed;
  }

  /** How many of so many bytes there is room for; that room is taken. */
  @GuardedBy("this")
  int takeRoom(int bytes) {
    int fits = (int) Math.min(bytes, freeBytes);
    if (freeBytes != Long.MAX_VALUE) {
      freeBytes -= fits;
    }
    return fits;
  }

  /** How many operations there have been. */
  public synchronized int count() {
    return count;
  }

  /** What has been done so far, if that is written down. */
  public synchronized List<DiskOperation> operations() {
    return operations == null ? List.of() : List.copyOf(operations);
  }

  @GuardedBy("this")
  void add(DiskOperation operation) {
    now.follow(operation);
    count++;
    if (operations != null) {
      operations.add(operation);
    }
  }

  /** What was done until now is on disk for sure. */
  public synchronized void becomeSure() {
    now.becomeSure();
  }

  /**
   * The power fails, and comes back: the files become what is left of them, and all of that is sure
   * from then on. Nobody may have one of them open.
   *
   * @param fates what becomes of each file, and of each change of a name, as far as it is not sure
   */
  public synchronized void losePower(Function<Path, CrashImage.Fate> fates, Random random)
      throws IOException {
    Aftermath left = now.leave(fates, random);
    left.replace(inodes.keySet(), ZEROS_KEPT);
    inodes.clear();
    now.clear();
    for (Path file : left.names()) {
      find(file);
    }
  }

  /**
   * Copies the files of a directory as they are now, without most of the zeros at their ends: who
   * opens the copy reads them all, and learns nothing by it.
   */
  public synchronized void copy(Path from, Path to) throws IOException {
    now.leave(name -> CrashImage.Fate.KEPT, new Random(0)).copy(from, to, 0);
  }

  synchronized Map<Integer, byte[]> initialContents() {
    return Map.copyOf(initial);
  }

  synchronized Map<Path, Integer> initialNames() {
    return Map.copyOf(initialNames);
  }

  @Override
  public synchronized Output create(Path file, long length) throws IOException {
    checkAlive();
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    int inode = nextInode++;
    Fault fault = fault();
    record(Kind.CREATE, inode, file, length, fault != Fault.REFUSED, fault != null);
    if (fault != Fault.REFUSED) {
      inodes.put(file, inode);
    }
    return output(inode, file, fault, () -> real.create(file, length), 0);
  }

  @Override
  public synchronized Output open(Path file, long position, long length) throws IOException {
    checkAlive();
    int inode = inode(file);
    Fault fault = fault();
    record(Kind.OPEN, inode, file, position, fault != Fault.REFUSED, fault != null);
    if (length != position) {
      add(
          new DiskOperation(
              Kind.SET_LENGTH, inode, file, file, length, NOTHING, fault != Fault.REFUSED, false));
    }
    return output(inode, file, fault, () -> real.open(file, position, length), position);
  }

  @Override
  public synchronized Output rewrite(Path file, long position, long length) throws IOException {
    checkAlive();
    int inode = inode(file);
    Fault fault = fault();
    record(Kind.SET_LENGTH, inode, file, length, fault != Fault.REFUSED, fault != null);
    return output(inode, file, fault, () -> real.rewrite(file, position, length), position);
  }

  @Override
  public synchronized void createDirectory(Path directory) throws IOException {
    checkAlive();
    Fault fault = fault();
    record(Kind.CREATE_DIRECTORY, -1, directory, 0, fault != Fault.REFUSED, fault != null);
    if (fault != Fault.REFUSED) {
      real.createDirectory(directory);
    }
    throwIf(fault);
  }

  private Output output(int inode, Path file, @Nullable Fault fault, Opening opening, long position)
      throws IOException {
    if (fault == Fault.REFUSED) {
      throw failure(fault);
    }
    Output opened = opening.open();
    if (fault != null) {
      opened.close();
      throw failure(fault);
    }
    return new RecordedOutput(this, inode, file, opened, position);
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    checkAlive();
    if (!inodes.containsKey(to) && Files.exists(to)) {
      find(to);
    }
    Fault fault = fault();
    if (Files.isDirectory(from)) {
      renameDirectory(from, to, fault);
      return;
    }
    add(
        new DiskOperation(
            Kind.RENAME, inode(from), from, to, 0, NOTHING, fault != Fault.REFUSED, fault != null));
    if (fault != Fault.REFUSED) {
      real.rename(from, to);
      inodes.put(to, inode(from));
      inodes.remove(from);
    }
    throwIf(fault);
  }

  @GuardedBy("this")
  private void renameDirectory(Path from, Path to, @Nullable Fault fault) throws IOException {
    add(
        new DiskOperation(
            Kind.RENAME, -1, from, to, 0, NOTHING, fault != Fault.REFUSED, fault != null));
    if (fault != Fault.REFUSED) {
      real.rename(from, to);
      CrashImage.renameDirectory(inodes, from, to);
    }
    throwIf(fault);
  }

  @Override
  public synchronized void link(Path existing, Path link) throws IOException {
    checkAlive();
    int inode = inode(existing);
    Fault fault = fault();
    if (fault != Fault.REFUSED) {
      real.link(existing, link);
      inodes.put(link, inode);
    }
    add(
        new DiskOperation(
            Kind.LINK, inode, existing, link, 0, NOTHING, fault != Fault.REFUSED, fault != null));
    throwIf(fault);
  }

  @Override
  public synchronized void delete(Path file) throws IOException {
    checkAlive();
    if (!inodes.containsKey(file) && Files.notExists(file)) {
      return;
    }
    Fault fault = fault();
    int inode = Files.isDirectory(file) ? -1 : inode(file);
    record(Kind.DELETE, inode, file, 0, fault != Fault.REFUSED, fault != null);
    if (fault != Fault.REFUSED) {
      real.delete(file);
      inodes.remove(file);
    }
    throwIf(fault);
  }

  @Override
  public synchronized void sync(Path file) throws IOException {
    checkAlive();
    int inode = inode(file);
    Fault fault = fault();
    record(Kind.SYNC, inode, file, 0, fault == null, fault != null);
    throwIf(fault);
  }

  @Override
  public synchronized void syncDirectory(Path directory) throws IOException {
    checkAlive();
    Fault fault = fault();
    record(Kind.SYNC_DIRECTORY, -1, directory, 0, fault == null, fault != null);
    throwIf(fault);
  }

  private int inode(Path file) throws IOException {
    Integer inode = inodes.get(file);
    return inode == null ? find(file) : inode;
  }

  @GuardedBy("this")
  @Nullable Fault fault() {
    return faults.apply(count);
  }

  @GuardedBy("this")
  void record(Kind kind, int inode, Path path, long offset, boolean happened, boolean failed) {
    add(new DiskOperation(kind, inode, path, path, offset, NOTHING, happened, failed));
  }

  static void throwIf(@Nullable Fault fault) throws IOException {
    if (fault != null) {
      throw failure(fault);
    }
  }

  private static IOException failure(Fault fault) {
    return new IOException("simulated I/O error (" + fault + ")");
  }

  /** Opens the real file. */
  private interface Opening {
    Output open() throws IOException;
  }
}

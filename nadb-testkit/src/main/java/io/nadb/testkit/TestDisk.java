package io.nadb.testkit;

import io.nadb.spi.StorageIo;
import io.nadb.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link SimulatedDisk} as one life of a process sees it, with faults. When the life is over,
 * everything succeeds and nothing changes.
 */
final class TestDisk implements StorageIo {
  private static final int SECTOR_BYTES = 512;

  private final SimulatedDisk disk;
  private final Faults faults;
  private final SimulatedProcess life;

  /** The files that are open for writing, with where they were opened. */
  private final Map<TestOutput, Throwable> open = new LinkedHashMap<>();

  private boolean tearing;

  TestDisk(SimulatedDisk disk, Faults faults, SimulatedProcess life) {
    this.disk = disk;
    this.faults = faults;
    this.life = life;
  }

  /** The life ends in the midst of the next write. */
  void tearNextWrite() {
    synchronized (disk) {
      tearing = true;
    }
  }

  /** Ends the life between two operations. */
  void cut() {
    synchronized (disk) {
      life.end();
    }
  }

  /** Does something that must not come after the end; returns whether it has been done. */
  boolean whileAlive(Runnable action) {
    synchronized (disk) {
      if (!life.isOver()) {
        action.run();
      }
      return !life.isOver();
    }
  }

  /** The files that are still open for writing, with where they were opened. */
  List<Map.Entry<Path, Throwable>> leaks() {
    synchronized (disk) {
      return open.entrySet().stream()
          .map(entry -> Map.entry(entry.getKey().file, entry.getValue()))
          .toList();
    }
  }

  @Override
  public Output create(Path file, long length) throws IOException {
    return open(Operation.CREATE, file, 0, () -> disk.create(file, length));
  }

  @Override
  public Output open(Path file, long position, long length) throws IOException {
    return open(Operation.OPEN, file, position, () -> disk.open(file, position, length));
  }

  @Override
  public Output rewrite(Path file, long position, long length) throws IOException {
    return open(Operation.OPEN, file, position, () -> disk.rewrite(file, position, length));
  }

  /** Opens a file. */
  private interface Opening {
    Output open() throws IOException;
  }

  private Output open(Operation operation, Path file, long position, Opening opening)
      throws IOException {
    Fault failing = arrive(operation, file);
    synchronized (disk) {
      if (life.isOver()) {
        return new TestOutput(null, file, 0);
      }
      Output output = opening.open();
      if (failing != null) {
        output.close();
        failing.raise();
      }
      TestOutput opened = new TestOutput(output, file, position);
      open.put(opened, new Throwable("opened for writing here"));
      return opened;
    }
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    synchronized (disk) {
      if (!life.isOver()) {
        disk.createDirectory(directory);
      }
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    change(Operation.RENAME, from, () -> disk.rename(from, to));
  }

  @Override
  public void link(Path existing, Path link) throws IOException {
    change(Operation.CREATE, link, () -> disk.link(existing, link));
  }

  @Override
  public void delete(Path file) throws IOException {
    change(Operation.DELETE, file, () -> disk.delete(file));
  }

  @Override
  public void sync(Path file) throws IOException {
    Fault failing = faults.arrive(Operation.SYNC, file.toString());
    synchronized (disk) {
      if (failing == null && !life.isOver()) {
        disk.sync(file);
      }
    }
    raise(failing);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    Fault failing = faults.arrive(Operation.SYNC_DIRECTORY, directory.toString());
    synchronized (disk) {
      if (failing == null && !life.isOver()) {
        disk.syncDirectory(directory);
      }
    }
    raise(failing);
  }

  /** Something that is done to the disk. */
  private interface Change {
    void make() throws IOException;
  }

  private void change(Operation operation, Path file, Change change) throws IOException {
    Fault failing = arrive(operation, file);
    synchronized (disk) {
      if (!life.isOver()) {
        change.make();
      }
    }
    raise(failing);
  }

  /** Fails at once if the operation is to do nothing; returns the fault that strikes afterwards. */
  private @Nullable Fault arrive(Operation operation, Path file) throws IOException {
    Fault failing = faults.arrive(operation, file.toString());
    if (failing != null && !failing.isHalfDone()) {
      failing.raise();
    }
    return failing;
  }

  private static void raise(@Nullable Fault failing) throws IOException {
    if (failing != null) {
      failing.raise();
    }
  }

  /** How much of half a write is there: disks write whole sectors. */
  private static int torn(long position, int length) {
    long half = position + length / 2;
    return (int) Math.max(0, half - half % SECTOR_BYTES - position);
  }

  /** A file being written; without a real one, if the life was over when it was opened. */
  private final class TestOutput implements Output {
    private final @Nullable Output output;
    private final Path file;
    private long position;

    TestOutput(@Nullable Output output, Path file, long position) {
      this.output = output;
      this.file = file;
      this.position = position;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Fault failing = arrive(Operation.WRITE, file);
      int wanted = failing == null ? length : length / 2;
      synchronized (disk) {
        if (output == null || life.isOver()) {
          return;
        }
        int fits = faults.takeRoom(wanted);
        int done = tearing ? torn(position, fits) : fits;
        output.write(bytes, offset, done);
        position += done;
        if (tearing) {
          life.end();
        } else if (fits < wanted) {
          throw new IOException("No space left on device");
        }
      }
      raise(failing);
    }

    @Override
    public void sync() throws IOException {
      Fault failing = faults.arrive(Operation.SYNC, file.toString());
      synchronized (disk) {
        if (output != null && !life.isOver()) {
          if (failing == null) {
            output.sync();
          } else {
            failSync(output);
          }
        }
      }
      raise(failing);
    }

    /** The disk must know: no later sync says anything of what this one should have made sure. */
    private void failSync(Output failing) {
      disk.failing(index -> SimulatedDisk.Fault.REFUSED);
      try {
        failing.sync();
      } catch (IOException e) {
        life.ledger().add("what " + file + " has on the disk is unsure: " + e.getMessage());
      } finally {
        disk.heal();
      }
    }

    @Override
    public void setLength(long length) throws IOException {
      change(
          Operation.SET_LENGTH,
          file,
          () -> {
            if (output != null) {
              output.setLength(length);
            }
          });
    }

    @Override
    public void close() throws IOException {
      synchronized (disk) {
        open.remove(this);
      }
      if (output != null) {
        output.close();
      }
    }
  }
}

package io.nadb.testkit;

import io.nadb.spi.StorageIo;
import io.nadb.testkit.DiskJournal.Content;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The disk as one life of a process sees it: real files, whose syncs are only written down, with
 * faults. When the life is over, everything succeeds and nothing changes.
 */
final class TestDisk implements StorageIo {
  private static final int SECTOR_BYTES = 512;

  private final StorageIo real = StorageIo.system();
  private final DiskJournal journal;
  private final Faults faults;
  private final SimulatedProcess life;

  /** The files that are open for writing, with where they were opened. */
  private final Map<TestOutput, Throwable> open = new LinkedHashMap<>();

  private boolean tearing;

  TestDisk(DiskJournal journal, Faults faults, SimulatedProcess life) {
    this.journal = journal;
    this.faults = faults;
    this.life = life;
  }

  /** The life ends in the midst of the next write. */
  void tearNextWrite() {
    synchronized (journal) {
      tearing = true;
    }
  }

  /** Ends the life between two operations. */
  void cut() {
    synchronized (journal) {
      life.end();
    }
  }

  /** Does something that must not come after the end; returns whether it has been done. */
  boolean whileAlive(Runnable action) {
    synchronized (journal) {
      if (!life.isOver()) {
        action.run();
      }
      return !life.isOver();
    }
  }

  /** The files that are still open for writing, with where they were opened. */
  List<Map.Entry<Path, Throwable>> leaks() {
    synchronized (journal) {
      return open.entrySet().stream()
          .map(entry -> Map.entry(entry.getKey().content.path, entry.getValue()))
          .toList();
    }
  }

  @Override
  public Output create(Path file, long length) throws IOException {
    Fault failing = arrive(Operation.CREATE, file);
    synchronized (journal) {
      if (life.isOver()) {
        return new TestOutput(null, new Content(file, 0), 0);
      }
      if (Files.exists(file)) {
        throw new FileAlreadyExistsException(file.toString());
      }
      Output output = real.create(file, length);
      journal.created(file);
      return opened(output, journal.content(file), 0, failing);
    }
  }

  @Override
  public Output open(Path file, long position, long length) throws IOException {
    Fault failing = arrive(Operation.OPEN, file);
    synchronized (journal) {
      if (life.isOver()) {
        return new TestOutput(null, new Content(file, 0), 0);
      }
      Content content = journal.content(file);
      journal.beforeSetLength(content, position);
      return opened(real.open(file, position, length), content, position, failing);
    }
  }

  @Override
  public Output rewrite(Path file, long position, long length) throws IOException {
    Fault failing = arrive(Operation.OPEN, file);
    synchronized (journal) {
      if (life.isOver()) {
        return new TestOutput(null, new Content(file, 0), 0);
      }
      Content content = journal.content(file);
      journal.beforeSetLength(content, length);
      return opened(real.rewrite(file, position, length), content, position, failing);
    }
  }

  /** Its name counts as synced at once; no life of a process is about that. */
  @Override
  public void createDirectory(Path directory) throws IOException {
    synchronized (journal) {
      if (!life.isOver()) {
        real.createDirectory(directory);
      }
    }
  }

  private Output opened(Output output, Content content, long position, @Nullable Fault failing)
      throws IOException {
    if (failing != null) {
      output.close();
      failing.raise();
    }
    TestOutput opened = new TestOutput(output, content, position);
    open.put(opened, new Throwable("opened for writing here"));
    return opened;
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    change(Operation.RENAME, from, () -> journal.rename(from, to));
  }

  @Override
  public void delete(Path file) throws IOException {
    change(Operation.DELETE, file, () -> journal.delete(file));
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    Fault failing = faults.arrive(Operation.SYNC_DIRECTORY, directory.toString());
    synchronized (journal) {
      if (failing == null && !life.isOver()) {
        journal.directorySynced(directory);
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
    synchronized (journal) {
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
    private final Content content;
    private long position;

    TestOutput(@Nullable Output output, Content content, long position) {
      this.output = output;
      this.content = content;
      this.position = position;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Fault failing = arrive(Operation.WRITE, content.path);
      int wanted = failing == null ? length : length / 2;
      synchronized (journal) {
        if (output == null || life.isOver()) {
          return;
        }
        int fits = faults.takeRoom(wanted);
        int done = tearing ? torn(position, fits) : fits;
        journal.beforeWrite(content, position, done);
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

    /** Does not wait for the disk, which makes tests fast: it is the journal that counts. */
    @Override
    public void sync() throws IOException {
      faults.pass(Operation.SYNC, content.path.toString());
      synchronized (journal) {
        if (!life.isOver()) {
          journal.synced(content);
        }
      }
    }

    @Override
    public void setLength(long length) throws IOException {
      change(
          Operation.SET_LENGTH,
          content.path,
          () -> {
            if (output != null) {
              journal.beforeSetLength(content, length);
              output.setLength(length);
            }
          });
    }

    @Override
    public void close() throws IOException {
      synchronized (journal) {
        open.remove(this);
      }
      if (output != null) {
        output.close();
      }
    }
  }
}

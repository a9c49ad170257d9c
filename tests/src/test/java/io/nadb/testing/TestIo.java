package io.nadb.testing;

import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import io.nadb.internal.registry.NadbRegistryProvider;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The real disk, with its syncs counted, and failing or hanging when a test says so. */
public final class TestIo implements StorageIo {
  private final StorageIo real = StorageIo.system();
  private final AtomicInteger syncs = new AtomicInteger();
  private volatile @Nullable IOException failure;
  private volatile @Nullable IOException syncFailure;
  private volatile @Nullable IOException directorySyncFailure;
  private volatile Runnable beforeSync = () -> {};

  /** Creates a registry that reaches the disk through this. */
  public StoreRegistry registry(TimeSource time) {
    return new NadbRegistryProvider().create(time, this);
  }

  /** Every change of the disk fails from now on. */
  public void fail(IOException failure) {
    this.failure = failure;
  }

  /** Every sync of a file fails from now on. */
  public void failSync(IOException failure) {
    this.syncFailure = failure;
  }

  /** Every sync of a directory fails from now on. */
  public void failDirectorySync(IOException failure) {
    this.directorySyncFailure = failure;
  }

  /** All works again. */
  public void heal() {
    failure = null;
    syncFailure = null;
    directorySyncFailure = null;
  }

  /** What to do before each sync of a file. */
  public void beforeSync(Runnable action) {
    beforeSync = action;
  }

  /** How often a file has been synced. */
  public int syncs() {
    return syncs.get();
  }

  private static void check(@Nullable IOException failure) throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public Output create(Path file, long length) throws IOException {
    check(failure);
    return new TestOutput(real.create(file, length));
  }

  @Override
  public Output open(Path file, long position, long length) throws IOException {
    check(failure);
    return new TestOutput(real.open(file, position, length));
  }

  @Override
  public Output rewrite(Path file, long position, long length) throws IOException {
    check(failure);
    return new TestOutput(real.rewrite(file, position, length));
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    check(failure);
    real.createDirectory(directory);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    check(failure);
    real.rename(from, to);
  }

  @Override
  public void delete(Path file) throws IOException {
    check(failure);
    real.delete(file);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    check(failure);
    check(directorySyncFailure);
    real.syncDirectory(directory);
  }

  private final class TestOutput implements Output {
    private final Output output;

    TestOutput(Output output) {
      this.output = output;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      check(failure);
      output.write(bytes, offset, length);
    }

    @Override
    public void sync() throws IOException {
      beforeSync.run();
      check(failure);
      check(syncFailure);
      output.sync();
      syncs.incrementAndGet();
    }

    @Override
    public void setLength(long length) throws IOException {
      check(failure);
      output.setLength(length);
    }

    @Override
    public void close() throws IOException {
      output.close();
    }
  }
}

package io.nadb.testkit.disk;

import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** A file of a {@link SimulatedDisk} that is being written. */
final class RecordedOutput implements StorageIo.Output {
  private final SimulatedDisk disk;
  private final int inode;
  private final Path file;
  private final StorageIo.Output output;
  private long position;

  RecordedOutput(SimulatedDisk disk, int inode, Path file, StorageIo.Output output, long position) {
    this.disk = disk;
    this.inode = inode;
    this.file = file;
    this.output = output;
    this.position = position;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    synchronized (disk) {
      disk.checkAlive();
      SimulatedDisk.Fault fault = disk.fault();
      int wanted = fault == null ? length : fault == SimulatedDisk.Fault.HALF_DONE ? length / 2 : 0;
      int done = disk.takeRoom(wanted);
      boolean full = done < wanted;
      byte[] written = Arrays.copyOfRange(bytes, offset, offset + done);
      disk.add(
          new DiskOperation(
              DiskOperation.Kind.WRITE,
              inode,
              file,
              file,
              position,
              written,
              true,
              full || fault != null));
      output.write(bytes, offset, done);
      position += done;
      if (full) {
        throw new IOException("No space left on device");
      }
      SimulatedDisk.throwIf(fault);
    }
  }

  @Override
  public void sync() throws IOException {
    synchronized (disk) {
      disk.checkAlive();
      SimulatedDisk.Fault fault = disk.fault();
      disk.record(DiskOperation.Kind.SYNC, inode, file, 0, fault == null, fault != null);
      SimulatedDisk.throwIf(fault);
    }
  }

  @Override
  public void setLength(long length) throws IOException {
    synchronized (disk) {
      disk.checkAlive();
      SimulatedDisk.Fault fault = disk.fault();
      disk.record(
          DiskOperation.Kind.SET_LENGTH,
          inode,
          file,
          length,
          fault != SimulatedDisk.Fault.REFUSED,
          fault != null);
      if (fault != SimulatedDisk.Fault.REFUSED) {
        output.setLength(length);
      }
      SimulatedDisk.throwIf(fault);
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (disk) {
      if (disk.isKilled()) {
        output.close();
        return;
      }
      SimulatedDisk.Fault fault = disk.fault();
      disk.record(DiskOperation.Kind.CLOSE, inode, file, 0, true, fault != null);
      output.close();
      SimulatedDisk.throwIf(fault);
    }
  }
}

package io.nadb.repair;

import io.nadb.StoreRegistry;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Saves what is whole of a damaged {@code nadb:fs:} store into a new one. The damaged one is only
 * read.
 *
 * <pre>{@code
 * RepairResult result = Repair.of(Path.of("data")).to(Path.of("saved"));
 * result.lostKeys();   // entries of which only the name is left
 * result.findings();   // file by file, what could not be read
 * }</pre>
 *
 * <p>Saved is each entry whose last known record is whole, with tags and times. An entry whose last
 * record is known to be damaged is lost, and an older value of it does not come back. Where it is
 * not known what was lost, it may have been deletions and newer values: {@link
 * RepairResult#unsureUpTo} tells up to which write. What was cut off at the end, as a crash leaves
 * it, is not saved: it was never acknowledged, and opening would leave it out, too. An undamaged
 * store gives an equal one.
 *
 * @since 0.1.0
 */
public final class Repair {
  private final Path directory;
  private final StorageIo io;
  private final Supplier<StoreRegistry> registries;

  private Repair(Path directory, StorageIo io, Supplier<StoreRegistry> registries) {
    this.directory = directory;
    this.io = io;
    this.registries = registries;
  }

  /**
   * Begins with a store that nobody has open.
   *
   * @param directory the one in the store's URL, if it has one database, or a database's own
   */
  public static Repair of(Path directory) {
    return of(directory, StorageIo.system(), StoreRegistry::create);
  }

  /**
   * The same, to a disk that tests can have fail.
   *
   * @param registries make what opens stores on that disk
   */
  static Repair of(Path directory, StorageIo io, Supplier<StoreRegistry> registries) {
    return new Repair(Objects.requireNonNull(directory, "directory"), io, registries);
  }

  /**
   * Makes a new store of what is whole, to be opened as {@code nadb:fs:<target>}; all of it is on
   * disk then, or there is none.
   *
   * @param target a directory that does not exist, in one that does
   * @throws io.nadb.NadbException if there is no store, if the target exists, if a disk fails, if
   *     the thread is interrupted, if a file is of a newer version of the format, or if a library
   *     is missing that values are compressed by
   */
  public RepairResult to(Path target) {
    Objects.requireNonNull(target, "target");
    try {
      Examination examination = Examination.of(directory);
      return new StoreRebuild(examination, target, io, registries).run();
    } catch (IOException e) {
      throw StoreFiles.failed("can't repair " + directory + " to " + target, e);
    }
  }
}

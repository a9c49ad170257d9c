package io.nadb.repair;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.segment.MappedFile;
import io.nadb.repair.SalvagedKeys.Place;
import io.nadb.repair.SalvagedKeys.Saved;
import io.nadb.spi.CopyableStore;
import io.nadb.spi.StorageIo;
import io.nadb.spi.StoredEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Writes a store of the entries that were found whole, in a directory beside the target that gets
 * the target's name when all is on disk.
 */
final class StoreRebuild {
  private static final int MAX_ENTRIES = 256;
  private static final long MAX_BYTES = 4 << 20;

  private final Examination examination;
  private final Path target;
  private final StorageIo io;
  private final Supplier<StoreRegistry> registries;
  private final List<MappedFile> contents = new ArrayList<>();
  private final List<Entry> batch = new ArrayList<>();
  private String batchNamespace = "";
  private long batchBytes;
  private long bytes;

  StoreRebuild(
      Examination examination, Path target, StorageIo io, Supplier<StoreRegistry> registries) {
    this.examination = examination;
    this.target = target.toAbsolutePath().normalize();
    this.io = io;
    this.registries = registries;
  }

  RepairResult run() throws IOException {
    Path parent = Objects.requireNonNull(target.getParent(), "the target's parent");
    Path partial = parent.resolve(target.getFileName() + ".partial");
    checkFree(target, "a store is saved to a new directory only");
    checkFree(partial, "it is in the way, maybe from a repair that was interrupted; delete it");
    if (!Files.isDirectory(parent)) {
      throw new NoSuchFileException(parent.toString(), null, "create it first");
    }
    if (target.startsWith(examination.files().database())) {
      throw new FileAlreadyExistsException(
          target.toString(), null, "it is in the directory that is damaged; name another place");
    }
    List<Saved> saved = examination.keys().saved();
    try {
      make(partial, saved);
      io.rename(partial, target);
      io.syncDirectory(parent);
    } catch (Throwable e) {
      deleteAll(partial, e);
      throw e;
    } finally {
      contents.forEach(MappedFile::close);
    }
    long unsure = saved.stream().filter(each -> each.sequence() < examination.unsureUpTo()).count();
    return new RepairResult(target, examination, saved.size(), bytes, unsure);
  }

  private static void checkFree(Path path, String remedy) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(path.toString(), null, remedy);
    }
  }

  private void make(Path partial, List<Saved> saved) throws IOException {
    for (SegmentItem item : examination.segments()) {
      contents.add(item.map());
    }
    String url = "nadb:fs:" + escaped(partial) + "?db=saved&flush=off&sweep=off&metadata=none";
    try (StoreRegistry registry = registries.get();
        KeyValueStore store = registry.open(url)) {
      for (Saved each : saved) {
        add(store, each);
      }
      write(store);
      store.flush();
      if (store.stats().keys() != saved.size()) {
        throw new NadbException(
            "of "
                + saved.size()
                + " entries that were found, "
                + store.stats().keys()
                + " are in the new store; please report this as a bug");
      }
    }
    io.rename(partial.resolve("saved"), partial.resolve(examination.files().name()));
    io.syncDirectory(partial);
  }

  private void add(KeyValueStore store, Saved saved) throws IOException {
    LogRecord valued = record(saved.value());
    byte[] value = valued.value(contents.get(saved.value().segment()));
    StoredEntry known = record(saved.head()).toEntry();
    EntryMetadata metadata = known.toMetadata();
    String namespace = saved.name().namespace();
    boolean full = batch.size() == MAX_ENTRIES || batchBytes + value.length > MAX_BYTES;
    if (full || !namespace.equals(batchNamespace)) {
      write(store);
    }
    batchNamespace = namespace;
    batchBytes += value.length;
    bytes += value.length;
    batch.add(new Entry(metadata, value));
  }

  private void write(KeyValueStore store) {
    if (Thread.currentThread().isInterrupted()) {
      throw new NadbException("the repair was interrupted; there is no " + target);
    }
    if (!batch.isEmpty()) {
      CopyableStore.of(store).copyIn(batchNamespace, batch);
      batch.clear();
      batchBytes = 0;
    }
  }

  private LogRecord record(Place place) {
    SegmentItem item = examination.segments().get(place.segment());
    MappedFile content = contents.get(place.segment());
    LogRecord record =
        LogRecord.read(item.file(), content, place.offset(), item.limit(), LogRecord.INITIAL_BYTES);
    if (record == null || !record.hasSoundHead()) {
      throw new NadbException(
          item.file()
              + ", at offset "
              + place.offset()
              + ": the record that was read before is another now; is somebody writing to the"
              + " store?");
    }
    return record;
  }

  /** A path as a URL has it. */
  private static String escaped(Path path) {
    StringBuilder text = new StringBuilder();
    for (byte b : path.toString().getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          (b >= 'a' && b <= 'z')
              || (b >= 'A' && b <= 'Z')
              || (b >= '0' && b <= '9')
              || "/._-".indexOf(b) >= 0;
      text.append(plain ? (char) b : String.format(Locale.ROOT, "%%%02X", b & 0xff));
    }
    return text.toString();
  }

  /** Deletes what was begun; what fails is added to the reason. */
  private void deleteAll(Path directory, Throwable reason) {
    if (Files.notExists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        io.delete(path);
      }
    } catch (IOException | RuntimeException e) {
      reason.addSuppressed(e);
    }
  }
}

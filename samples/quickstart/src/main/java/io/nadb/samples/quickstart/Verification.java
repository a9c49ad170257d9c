package io.nadb.samples.quickstart;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came out of comparing a store with the files that went into it.
 *
 * @param bytes how many bytes were compared
 * @param changed how many files have changed or gone since they were stored; their entries were
 *     compared with the digest of what was stored
 * @param wrong what is not as it should be; empty if all is well
 */
record Verification(long bytes, int changed, List<String> wrong) {

  static Verification of(KeyValueStore store, List<StoredFile> files) {
    List<String> wrong = new ArrayList<>();
    long bytes = 0;
    int changed = 0;
    int keys = store.keys(Quickstart.FILE_PREFIX).size();
    if (keys != files.size()) {
      wrong.add(keys + " files in the store instead of " + files.size());
    }
    for (StoredFile file : files) {
      Optional<byte[]> value = store.get(file.key());
      Optional<EntryMetadata> metadata = store.metadata(file.key());
      if (value.isEmpty() || metadata.isEmpty()) {
        wrong.add(file.key() + " is missing");
        continue;
      }
      bytes += value.get().length;
      if (!StoredFile.digest(value.get()).equals(file.digest())) {
        wrong.add(file.key() + " has other bytes than were stored");
      } else if (!Arrays.equals(value.get(), contentNow(file.path()))) {
        changed++;
      }
      if (!metadata.get().tags().equals(file.tags())) {
        wrong.add(file.key() + " has tags " + metadata.get().tags() + ", not " + file.tags());
      }
      if (metadata.get().expiresAt().isPresent() != file.expires()) {
        wrong.add(file.key() + (file.expires() ? " has lost its TTL" : " has a TTL"));
      }
    }
    return new Verification(bytes, changed, List.copyOf(wrong));
  }

  private static byte @Nullable [] contentNow(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      return null;
    }
  }
}

package io.nadb.copy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.copy.CopyProgress.Phase;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * One run of a copy: the mark is set, each namespace is copied, each is compared, the mark goes.
 * For one thread.
 */
final class CopyRun {
  private final KeyValueStore source;
  private final KeyValueStore target;
  private final boolean intoExisting;
  private final Consumer<CopyProgress> listener;
  private final CopyResult.Counts counts = new CopyResult.Counts();

  CopyRun(
      KeyValueStore source,
      KeyValueStore target,
      boolean intoExisting,
      Consumer<CopyProgress> listener) {
    this.source = source;
    this.target = target;
    this.intoExisting = intoExisting;
    this.listener = listener;
  }

  CopyResult run() {
    if (source.name().equals(target.name())) {
      throw new IllegalArgumentException(
          "store " + source.name() + " can't be copied to itself; name another target");
    }
    try (CopyReader reader = CopyReader.open(source);
        CopyWriter writer = CopyWriter.of(target)) {
      if (reader.namespaces().contains(CopyMark.NAMESPACE)) {
        refuseUnfinished();
      }
      SortedSet<String> namespaces = new TreeSet<>(reader.namespaces());
      SortedSet<String> there = new TreeSet<>(writer.namespaces());
      namespaces.remove(CopyMark.NAMESPACE);
      there.remove(CopyMark.NAMESPACE);
      boolean resumed = begin(writer, there);
      boolean removes = !intoExisting;
      if (removes) {
        namespaces.addAll(there); // What the source has no more is to go from the target.
      }
      pass(Phase.COPYING, namespaces, reader, writer, resumed || intoExisting);
      target.flush();
      pass(Phase.VERIFYING, namespaces, reader, writer, true);
      CopyResult result = counts.result(reader.time().orElse(null), resumed);
      if (result.isVerified()) {
        writer.mark().remove();
      }
      return result;
    }
  }

  private void pass(
      Phase phase,
      SortedSet<String> namespaces,
      CopyReader reader,
      CopyWriter writer,
      boolean mayBeThere) {
    CopyPass pass = new CopyPass(phase, reader, writer, counts, !intoExisting, listener);
    for (String namespace : namespaces) {
      pass.run(namespace, mayBeThere);
    }
  }

  private void refuseUnfinished() {
    try (KeyValueStore handle = source.namespace(CopyMark.NAMESPACE)) {
      if (new CopyMark(handle).read().isPresent()) {
        throw new IllegalStateException(
            "store "
                + source.name()
                + " is itself a copy that has not ended well; run that copy again first");
      }
    }
  }

  /** Sets the mark, or finds that of an earlier run; returns whether it is that. */
  private boolean begin(CopyWriter writer, SortedSet<String> there) {
    String text = CopyMark.text(source.name(), intoExisting);
    Optional<String> found = writer.mark().read();
    if (found.isPresent()) {
      if (!found.get().equals(text)) {
        throw new IllegalStateException(
            "store "
                + target.name()
                + " has a copy that has not ended well, and is another than this one ("
                + text.strip().replace("\n", ", ")
                + "): "
                + found.get().strip().replace("\n", ", ")
                + "; run that one again, or copy to an empty place");
      }
      return true;
    }
    if (!intoExisting) {
      for (String namespace : there) {
        Optional<String> key = writer.anyKey(namespace);
        if (key.isPresent()) {
          throw new IllegalStateException(
              "store "
                  + target.name()
                  + " is not empty: namespace "
                  + namespace
                  + " has key '"
                  + key.get()
                  + "'; copy to an empty place, or ask for intoExisting(), which replaces entries"
                  + " of the same keys and leaves all others");
        }
      }
    }
    writer.mark().set(text);
    return false;
  }

  /** Ends a run whose thread is interrupted. */
  static void checkInterrupted(String namespace) {
    if (Thread.currentThread().isInterrupted()) {
      throw new NadbException(
          "the copy was interrupted in namespace " + namespace + "; run again, it goes on");
    }
  }
}

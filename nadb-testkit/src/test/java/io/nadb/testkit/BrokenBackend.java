package io.nadb.testkit;

import io.nadb.spi.BackendView;
import io.nadb.spi.Cut;
import io.nadb.spi.CutLog;
import io.nadb.spi.CutReader;
import io.nadb.spi.ExpiredKey;
import io.nadb.spi.ForwardingBackend;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StoredCut;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.StoredValue;
import io.nadb.spi.Write;
import io.nadb.testkit.BrokenDriver.Defect;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A backend that does one thing wrong. */
final class BrokenBackend extends ForwardingBackend {
  private final Defect defect;
  private final Map<String, byte[]> shared = new HashMap<>();

  BrokenBackend(StorageBackend real, Defect defect) {
    super(real);
    this.defect = defect;
  }

  /** It changes whole entries. */
  @Override
  public boolean takesTouches() {
    return false;
  }

  private boolean is(Defect one) {
    return defect == one;
  }

  private String namespace(String namespace) {
    return is(Defect.MIXES_NAMESPACES) ? "default" : namespace;
  }

  private String key(String key) {
    return is(Defect.IGNORES_CASE) ? key.toLowerCase(Locale.ROOT) : key;
  }

  /** A log in which there is nothing new, ever. */
  private record SilentCuts(CutLog log) implements CutLog {
    @Override
    public String lineage() {
      return log.lineage();
    }

    @Override
    public long oldest() {
      return log.oldest();
    }

    @Override
    public void seenUpTo(long sequence) {
      log.seenUpTo(sequence);
    }

    @Override
    public CutReader read(long after) throws IOException {
      CutReader reader = log.read(after);
      return new CutReader() {
        @Override
        public @Nullable StoredCut next(@Nullable String namespace) {
          return null;
        }

        @Override
        public long sequence() {
          return reader.sequence();
        }

        @Override
        public void close() {
          reader.close();
        }
      };
    }
  }

  @Override
  public Optional<CutLog> cuts() {
    return super.cuts().map(log -> is(Defect.TELLS_NO_CUTS) ? new SilentCuts(log) : log);
  }

  /** A cut that is not what it should be. */
  private record BrokenCut(long sequence, int size, Map<String, Map<String, Write>> writes)
      implements Cut {
    @Override
    public <E extends Exception> void forEach(Visitor<E> visitor) throws E {
      for (var namespace : writes.entrySet()) {
        for (var write : namespace.getValue().entrySet()) {
          visitor.visit(namespace.getKey(), write.getKey(), write.getValue());
        }
      }
    }
  }

  @Override
  public void apply(Cut cut, boolean sync) throws IOException {
    shared.clear();
    Map<String, Map<String, Write>> writes = new TreeMap<>();
    int[] left = {is(Defect.APPLIES_HALF) && cut.size() > 1 ? cut.size() / 2 : cut.size()};
    cut.forEach(
        (namespace, key, written) -> {
          Write write = change(written);
          if (left[0]-- > 0 && !(is(Defect.FORGETS_DELETIONS) && write.isDelete())) {
            writes
                .computeIfAbsent(namespace(namespace), name -> new TreeMap<>())
                .put(key(key), write);
          }
        });
    int size = writes.values().stream().mapToInt(Map::size).sum();
    super.apply(new BrokenCut(cut.sequence(), size, writes), sync && !is(Defect.FORGETS_SYNC));
  }

  private Write change(Write write) {
    if (write.isDelete()) {
      return write;
    }
    byte[] value = write.value();
    return Write.set(
        write.sequence(),
        is(Defect.TRUNCATES_VALUES) ? Arrays.copyOf(value, Math.min(value.length, 65536)) : value,
        is(Defect.FORGETS_TAGS) ? Set.of() : write.tags(),
        is(Defect.FORGETS_CREATION) ? write.updated() : write.created(),
        !is(Defect.FORGETS_CREATION) && write.inheritsCreated(),
        write.updated(),
        is(Defect.FORGETS_TTL) ? Write.NEVER : write.expiresAt());
  }

  @Override
  public void sync() throws IOException {
    if (!is(Defect.FORGETS_SYNC)) {
      super.sync();
    }
  }

  @Override
  public byte @Nullable [] value(String namespace, String key, LongSupplier now)
      throws IOException {
    byte[] value = super.value(namespace(namespace), key(key), now);
    if (value == null || (is(Defect.LOSES_EMPTY_VALUES) && value.length == 0)) {
      return null;
    }
    return is(Defect.SHARES_ARRAYS)
        ? shared.computeIfAbsent(namespace + "/" + key, name -> value)
        : value;
  }

  @Override
  public @Nullable StoredEntry entry(String namespace, String key) throws IOException {
    return change(super.entry(namespace(namespace), key(key)));
  }

  @Override
  public @Nullable StoredValue read(String namespace, String key) throws IOException {
    StoredValue stored = super.read(namespace(namespace), key(key));
    if (stored == null) {
      return null;
    }
    StoredEntry entry = change(stored.entry());
    return entry == null ? null : new StoredValue(entry, stored.value());
  }

  private @Nullable StoredEntry change(@Nullable StoredEntry entry) {
    return entry == null || !is(Defect.MISTAKES_SIZES)
        ? entry
        : new StoredEntry(
            entry.key(),
            entry.sequence(),
            entry.size() + 1,
            entry.created(),
            entry.updated(),
            entry.expiresAt(),
            entry.tags());
  }

  @Override
  public BackendView view(long sequence) {
    return new BrokenView(super.view(sequence));
  }

  /** A view that does the same thing wrong. */
  private final class BrokenView implements BackendView {
    private final BackendView view;

    BrokenView(BackendView view) {
      this.view = view;
    }

    @Override
    public byte @Nullable [] value(String namespace, String key, LongSupplier now)
        throws IOException {
      return view.value(namespace(namespace), key(key), now);
    }

    @Override
    public @Nullable StoredEntry entry(String namespace, String key) throws IOException {
      return change(view.entry(namespace(namespace), key(key)));
    }

    @Override
    public void scan(String namespace, String prefix, Consumer<StoredEntry> each)
        throws IOException {
      if (!is(Defect.LISTS_NOTHING)) {
        view.scan(namespace(namespace), is(Defect.IGNORES_PREFIXES) ? "" : prefix, each);
      }
    }

    @Override
    public List<StoredEntry> tagged(String namespace, Set<String> tags) throws IOException {
      Set<String> wanted = is(Defect.WANTS_ANY_TAG) ? Set.of(tags.iterator().next()) : tags;
      return view.tagged(namespace(namespace), wanted);
    }

    @Override
    public void eachTagged(String namespace, Consumer<StoredEntry> each) throws IOException {
      view.eachTagged(namespace(namespace), each);
      if (is(Defect.MISCOUNTS_TAGS)) {
        view.eachTagged(namespace(namespace), each);
      }
    }

    @Override
    public Map<String, Long> countTags(String namespace, long now, Set<String> except)
        throws IOException {
      return is(Defect.MISCOUNTS_TAGS)
          ? BackendView.super.countTags(namespace, now, except)
          : view.countTags(namespace(namespace), now, except);
    }

    @Override
    public long keptBytes() {
      return view.keptBytes();
    }

    @Override
    public void close() {
      view.close();
    }
  }

  @Override
  public List<ExpiredKey> expired(@Nullable String namespace, long now, int limit)
      throws IOException {
    if (is(Defect.FINDS_NOTHING_EXPIRED)) {
      return List.of();
    }
    return super.expired(
        namespace == null || is(Defect.SWEEPS_EVERY_NAMESPACE) ? null : namespace(namespace),
        now,
        limit);
  }
}

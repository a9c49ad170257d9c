package io.nadb.testing;

import io.nadb.KeyOrder;
import io.nadb.KeyValueStore;
import io.nadb.spi.BackendStats;
import io.nadb.spi.BackendView;
import io.nadb.spi.Cut;
import io.nadb.spi.DriverContext;
import io.nadb.spi.ExpiredKey;
import io.nadb.spi.NadbDriver;
import io.nadb.spi.Option;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.StoredValue;
import io.nadb.spi.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code nadb:table:<name>}: somebody else's backend, in one class and a line in a service file.
 */
public final class TableDriver implements NadbDriver {
  private static final Option<Long> ROWS =
      Option.size("rows", "1kb", "1b", "1mb", "How many rows a table may have.");
  private static final Option<String> TOKEN =
      Option.text("token", "", "What the table asks for.").masked();

  @Override
  public String scheme() {
    return "table";
  }

  @Override
  public List<Option<?>> options() {
    return List.of(ROWS, TOKEN);
  }

  @Override
  public KeyValueStore open(DriverContext context) {
    long rows = context.option(ROWS);
    return context.openStore(context.url().path(), () -> new Table(rows));
  }

  private static final class Table implements StorageBackend {
    private final ConcurrentMap<String, NavigableMap<String, StoredEntry>> entries =
        new ConcurrentHashMap<>();
    private final Map<String, byte[]> values = new ConcurrentHashMap<>();
    private final long rows;

    Table(long rows) {
      this.rows = rows;
    }

    @Override
    public OptionalLong recoveredSequence() {
      return OptionalLong.empty();
    }

    @Override
    public synchronized void apply(Cut cut, boolean sync) {
      if (values.size() + cut.size() > rows) {
        throw new IllegalStateException("the table is full");
      }
      cut.forEach(this::put);
    }

    private void put(String space, String key, Write write) {
      StoredEntry old = entry(space, key);
      if (write.isDelete()) {
        table(space).remove(key);
        values.remove(space + "\0" + key);
        return;
      }
      boolean inherits = old != null && write.inheritsCreated() && !old.isGoneAt(write.created());
      table(space)
          .put(
              key,
              new StoredEntry(
                  key,
                  write.sequence(),
                  write.value().length,
                  inherits && old != null ? old.created() : write.created(),
                  write.updated(),
                  write.expiresAt(),
                  write.tags()));
      values.put(space + "\0" + key, write.value());
    }

    private NavigableMap<String, StoredEntry> table(String space) {
      return entries.computeIfAbsent(space, name -> new TreeMap<>(KeyOrder.INSTANCE));
    }

    @Override
    public void sync() {}

    @Override
    public synchronized byte @Nullable [] value(String namespace, String key, LongSupplier now) {
      StoredEntry entry = entry(namespace, key);
      byte[] value = values.get(namespace + "\0" + key);
      return entry == null || value == null || entry.isGoneAt(now.getAsLong())
          ? null
          : value.clone();
    }

    @Override
    public synchronized @Nullable StoredEntry entry(String namespace, String key) {
      return table(namespace).get(key);
    }

    @Override
    public synchronized @Nullable StoredValue read(String namespace, String key) {
      StoredEntry entry = entry(namespace, key);
      byte[] value = values.get(namespace + "\0" + key);
      return entry == null || value == null ? null : new StoredValue(entry, value.clone());
    }

    /** A small table is copied. */
    @Override
    public synchronized BackendView view(long sequence) {
      Table copy = new Table(rows);
      entries.forEach((space, table) -> copy.table(space).putAll(table));
      copy.values.putAll(values);
      return copy.new CopiedView();
    }

    private final class CopiedView implements BackendView {
      @Override
      public byte @Nullable [] value(String namespace, String key, LongSupplier now) {
        return Table.this.value(namespace, key, now);
      }

      @Override
      public @Nullable StoredEntry entry(String namespace, String key) {
        return Table.this.entry(namespace, key);
      }

      @Override
      public void scan(String namespace, String prefix, Consumer<StoredEntry> each) {
        table(namespace).values().stream().filter(e -> e.key().startsWith(prefix)).forEach(each);
      }

      @Override
      public List<StoredEntry> tagged(String namespace, Set<String> tags) {
        return table(namespace).values().stream().filter(e -> e.tags().containsAll(tags)).toList();
      }

      @Override
      public void eachTagged(String namespace, Consumer<StoredEntry> each) {
        table(namespace).values().stream().filter(e -> !e.tags().isEmpty()).forEach(each);
      }

      @Override
      public void close() {}
    }

    @Override
    public synchronized List<ExpiredKey> expired(@Nullable String namespace, long now, int limit) {
      List<ExpiredKey> keys = new ArrayList<>();
      entries.forEach(
          (space, table) ->
              table.values().stream()
                  .filter(e -> e.isGoneAt(now) && (namespace == null || namespace.equals(space)))
                  .forEach(e -> keys.add(new ExpiredKey(space, e.key(), e.sequence()))));
      return keys.subList(0, Math.min(limit, keys.size()));
    }

    @Override
    public long maintain(Load load) {
      return Long.MAX_VALUE;
    }

    @Override
    public BackendStats stats() {
      return BackendStats.builder().keys(values.size()).build();
    }

    @Override
    public void close() {}
  }
}

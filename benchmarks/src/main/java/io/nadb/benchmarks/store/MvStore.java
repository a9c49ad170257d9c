package io.nadb.benchmarks.store;

import java.util.Iterator;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.jspecify.annotations.Nullable;

/** H2's MVStore: {@code commit()} and {@code sync()} end a batch; background work is on. */
final class MvStore extends TableStore {
  private final MVStore store;
  private final Tables<MVMap<byte[], byte[]>> tables;

  MvStore(Setup setup) {
    super(setup, false);
    store = open(setup);
    tables =
        Tables.of(
            table -> {
              MVMap.Builder<byte[], byte[]> builder = new MVMap.Builder<>();
              builder.keyType(ByteArrayDataType.INSTANCE).valueType(ByteArrayDataType.INSTANCE);
              return store.openMap(table.name(), builder);
            });
  }

  static MVStore open(Setup setup) {
    return new MVStore.Builder()
        .fileName(setup.directory().resolve("store.mv").toString())
        .cacheSize((int) (Setup.CACHE_BYTES >> 20))
        .open();
  }

  @Override
  byte @Nullable [] read(Table table, byte[] key) {
    byte[] found = tables.get(table).get(key);
    return found == null ? null : found.clone();
  }

  @Override
  void write(Table table, byte[] key, byte[] value) {
    tables.get(table).put(key, value);
  }

  @Override
  void remove(Table table, byte[] key) {
    tables.get(table).remove(key);
  }

  @Override
  void scan(Table table, byte[] from, boolean values, Visitor visitor) {
    MVMap<byte[], byte[]> map = tables.get(table);
    Cursor<byte[], byte[]> found = map.cursor(from.length == 0 ? null : from);
    for (Iterator<byte[]> keys = found; keys.hasNext(); ) {
      byte[] key = keys.next();
      if (!visitor.visit(key, found.getValue())) {
        return;
      }
    }
  }

  @Override
  void commit() {
    store.commit();
    store.sync();
  }

  @Override
  public void close() {
    store.close();
  }
}

package io.nadb.benchmarks.store;

import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mapdb.BTreeMap;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/** MapDB with its write-ahead log on, without which a crash leaves a file it refuses to open. */
final class MapDbStore extends TableStore {
  private static final int OUTSIDE_NODES_FROM = 512;

  private final DB db;
  private final Tables<BTreeMap<byte[], byte[]>> tables;

  MapDbStore(Setup setup) {
    super(setup, false);
    db =
        DBMaker.fileDB(setup.directory().resolve("store.mapdb").toFile())
            .fileMmapEnableIfSupported()
            .transactionEnable()
            .make();
    tables =
        Tables.of(
            table -> {
              DB.TreeMapMaker<byte[], byte[]> maker =
                  db.treeMap(table.name(), Serializer.BYTE_ARRAY_DELTA, Serializer.BYTE_ARRAY);
              if (setup.valueBytes() >= OUTSIDE_NODES_FROM) {
                maker.valuesOutsideNodesEnable();
              }
              return maker.createOrOpen();
            });
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
    Iterator<Map.Entry<byte[], byte[]>> found =
        tables.get(table).entryIterator(from, true, null, false);
    while (found.hasNext()) {
      Map.Entry<byte[], byte[]> at = found.next();
      if (!visitor.visit(at.getKey(), at.getValue())) {
        return;
      }
    }
  }

  @Override
  void commit() {
    db.commit();
  }

  @Override
  public void close() {
    db.commit();
    db.close();
  }
}

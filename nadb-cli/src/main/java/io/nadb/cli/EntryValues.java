package io.nadb.cli;

import io.nadb.KeyValueStore;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;

/** The functions by which a query gets at values: {@code value} and {@code text}. */
final class EntryValues implements AutoCloseable {
  private final KeyValueStore store;
  private final Map<String, KeyValueStore> namespaces = new HashMap<>();
  private @Nullable RuntimeException failure;

  EntryValues(KeyValueStore store) {
    this.store = store;
  }

  /** Makes them known to a connection. */
  void register(Connection connection) throws SQLException {
    Function.create(connection, "value", new Lookup(false), 2, 0);
    Function.create(connection, "text", new Lookup(true), 2, 0);
  }

  /** What a look into the store has failed of: SQLite knows no more than that it has. */
  Optional<RuntimeException> failure() {
    return Optional.ofNullable(failure);
  }

  private byte @Nullable [] get(String namespace, String key) {
    try {
      return namespaces.computeIfAbsent(namespace, store::namespace).get(key).orElse(null);
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public void close() {
    namespaces.values().forEach(KeyValueStore::close);
  }

  /** Looks one value up. */
  private final class Lookup extends Function {
    private final boolean text;

    Lookup(boolean text) {
      this.text = text;
    }

    @Override
    protected void xFunc() throws SQLException {
      String namespace = value_text(0);
      String key = value_text(1);
      byte[] value = namespace == null || key == null ? null : get(namespace, key);
      if (value == null) {
        result();
      } else if (text) {
        result(new String(value, StandardCharsets.UTF_8));
      } else {
        result(value);
      }
    }
  }
}

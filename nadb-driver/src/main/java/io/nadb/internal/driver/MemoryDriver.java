package io.nadb.internal.driver;

import io.nadb.KeyValueStore;
import io.nadb.internal.memory.MemoryBackend;
import io.nadb.internal.url.StandardOptions;
import io.nadb.spi.DriverContext;
import io.nadb.spi.NadbDriver;
import io.nadb.spi.Option;
import java.util.List;

/** {@code nadb:mem:<name>}: stores in this JVM's heap, there as long as they have a handle. */
public final class MemoryDriver implements NadbDriver {

  /** For the service loader. */
  public MemoryDriver() {}

  @Override
  public String scheme() {
    return "mem";
  }

  @Override
  public List<Option<?>> options() {
    return List.of();
  }

  @Override
  public KeyValueStore open(DriverContext context) {
    // Escaped, so that the last slash is where the path ends, whatever the database is called.
    String db = context.option(StandardOptions.DB).replace("%", "%25").replace("/", "%2F");
    return context.openStore(context.url().path() + "/" + db, MemoryBackend::new);
  }
}

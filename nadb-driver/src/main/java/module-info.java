import io.nadb.StoreRegistry;
import io.nadb.internal.driver.FsDriver;
import io.nadb.internal.driver.MemoryDriver;
import io.nadb.internal.driver.RedisDriver;
import io.nadb.internal.registry.NadbRegistryProvider;
import io.nadb.spi.NadbDriver;

/** The NADB driver: an embedded key-value store that is opened by URL. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Jedis
module io.nadb {
  requires static org.jspecify;
  requires static com.google.errorprone.annotations;
  requires static com.github.luben.zstd_jni;
  requires static redis.clients.jedis;
  requires static org.apache.commons.pool2;
  requires static jdk.jfr;
  // Java resolves SQLite wherever it is there, as a java.sql.Driver that java.sql asks for.
  requires java.sql;
  requires static org.xerial.sqlitejdbc;

  exports io.nadb;
  exports io.nadb.backup;
  exports io.nadb.copy;
  exports io.nadb.feed;
  exports io.nadb.maintenance;
  exports io.nadb.repair;
  exports io.nadb.spi;

  uses StoreRegistry.Provider;
  uses NadbDriver;

  provides StoreRegistry.Provider with
      NadbRegistryProvider;
  provides NadbDriver with
      FsDriver,
      MemoryDriver,
      RedisDriver.Plain,
      RedisDriver.Encrypted,
      RedisDriver.Cluster,
      RedisDriver.EncryptedCluster,
      RedisDriver.Watched,
      RedisDriver.EncryptedWatched;
}

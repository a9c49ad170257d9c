/** The NADB driver: an embedded key-value store that is opened by URL. */
module io.nadb {
  requires static org.jspecify;
  requires static com.google.errorprone.annotations;
  requires static com.github.luben.zstd_jni;
  requires java.sql;
  requires org.xerial.sqlitejdbc;

  exports io.nadb;
  exports io.nadb.spi;

  uses io.nadb.StoreRegistry.Provider;
  uses io.nadb.spi.NadbDriver;
}

/** Virtual time, faults, crashes, assertions and the contract of backends, for tests with NADB. */
@SuppressWarnings("requires-automatic") // Testcontainers is no module.
module io.nadb.testkit {
  requires static org.jspecify;
  requires static com.google.errorprone.annotations;
  requires static org.assertj.core;
  requires static org.junit.jupiter.api;
  requires static testcontainers;
  requires transitive io.nadb;

  exports io.nadb.testkit;
  exports io.nadb.testkit.contract;
  exports io.nadb.testkit.redis;

  uses io.nadb.StoreRegistry.Provider;

  provides io.nadb.spi.NadbDriver with
      io.nadb.testkit.TestDriver,
      io.nadb.testkit.redis.RedisContainerDriver;
}

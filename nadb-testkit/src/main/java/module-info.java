/** Virtual time, faults, crashes, assertions and the contract of backends, for tests with NADB. */
module io.nadb.testkit {
  requires static org.jspecify;
  requires static com.google.errorprone.annotations;
  requires static org.assertj.core;
  requires transitive io.nadb;

  exports io.nadb.testkit;

  uses io.nadb.StoreRegistry.Provider;
}

/** Injects temporary NADB stores on virtual time into JUnit tests. */
module io.nadb.junit {
  requires static org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive org.junit.jupiter.api;
  requires transitive io.nadb.testkit;

  exports io.nadb.junit;
}

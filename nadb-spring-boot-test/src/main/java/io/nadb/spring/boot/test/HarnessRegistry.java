package io.nadb.spring.boot.test;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.Driver;
import io.nadb.KeyValueStore;
import io.nadb.OptionDescription;
import io.nadb.StoreRegistry;
import io.nadb.SyncStatus;
import io.nadb.testkit.NadbHarness;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;

/**
 * The registry of an application that a harness is behind: what it opens goes on as the reopened
 * store after a crash, whereas the harness's own registry ends with its process.
 */
final class HarnessRegistry implements StoreRegistry {
  private final NadbHarness harness;

  HarnessRegistry(NadbHarness harness) {
    this.harness = harness;
  }

  /** Here options are a part of the URL: one that is given in both is refused, as ever. */
  @Override
  public KeyValueStore open(String url, Map<String, String> options) {
    StringBuilder whole = new StringBuilder(url);
    options.forEach(
        (name, value) ->
            whole
                .append(whole.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, UTF_8).replace("+", "%20")));
    return harness.open(whole.toString());
  }

  @Override
  public void registerDriver(Driver driver) {
    throw refused();
  }

  @Override
  public void deregisterDriver(Driver driver) {
    throw refused();
  }

  private static UnsupportedOperationException refused() {
    return new UnsupportedOperationException(
        "with @AutoConfigureTestNadb, drivers are those that service files name: one that is"
            + " registered would be gone after a crash");
  }

  @Override
  public List<Driver> drivers() {
    return harness.registry().drivers();
  }

  @Override
  public List<OptionDescription> describe(String url) {
    return harness.registry().describe(url);
  }

  @Override
  public SyncStatus status() {
    return harness.registry().status();
  }

  /** Does nothing: the harness is closed after it, and closes all. */
  @Override
  public void close() {}
}

package io.nadb.codec;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.common.collect.testing.ConcurrentMapTestSuiteBuilder;
import com.google.common.collect.testing.TestStringMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.MapFeature;
import io.nadb.KeyValueStore;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.NadbHarness;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import junit.framework.Test;
import junit.framework.TestFailure;
import junit.framework.TestResult;
import junit.framework.TestSuite;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** A typed view's map, held to what Guava expects of every concurrent map. */
class MapContractTest {

  @TestFactory
  DynamicNode inMemory(@NadbStore NadbHarness harness) {
    return suite(harness, "nadb:mem:maps");
  }

  @TestFactory
  DynamicNode onFiles(@NadbStore NadbHarness harness) {
    return suite(harness, "nadb:fs:./maps?metadata=none");
  }

  private static DynamicNode suite(NadbHarness harness, String url) {
    // Keeps the location open, of which each map has a namespace.
    harness.open(url);
    Maps maps = new Maps(harness, url);
    return node(
        ConcurrentMapTestSuiteBuilder.using(maps)
            .named("map of a store")
            .withFeatures(
                CollectionSize.ANY,
                MapFeature.GENERAL_PURPOSE,
                CollectionFeature.SUPPORTS_ITERATOR_REMOVE)
            .withTearDown(maps::close)
            .createTestSuite());
  }

  private static DynamicNode node(Test test) {
    if (test instanceof TestSuite suite) {
      return dynamicContainer(
          suite.getName(), Collections.list(suite.tests()).stream().map(MapContractTest::node));
    }
    return dynamicTest(test.toString(), () -> run(test));
  }

  private static void run(Test test) throws Throwable {
    TestResult result = new TestResult();
    test.run(result);
    List<TestFailure> problems = new ArrayList<>(Collections.list(result.failures()));
    problems.addAll(Collections.list(result.errors()));
    if (!problems.isEmpty()) {
      throw problems.get(0).thrownException();
    }
  }

  /** Makes each map on a namespace of its own. */
  private static final class Maps extends TestStringMapGenerator {
    private final NadbHarness harness;
    private final String url;
    private final List<KeyValueStore> open = new ArrayList<>();
    private int made;

    Maps(NadbHarness harness, String url) {
      this.harness = harness;
      this.url = url;
    }

    @Override
    protected Map<String, String> create(Map.Entry<String, String>[] entries) {
      KeyValueStore store = harness.open(url, "namespace=map" + made++);
      open.add(store);
      Map<String, String> map = TypedStore.of(store, Codec.strings()).asMap();
      for (Map.Entry<String, String> entry : entries) {
        map.put(entry.getKey(), entry.getValue());
      }
      return map;
    }

    void close() {
      open.forEach(KeyValueStore::close);
      open.clear();
    }
  }
}

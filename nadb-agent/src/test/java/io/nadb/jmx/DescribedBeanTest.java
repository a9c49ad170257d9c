package io.nadb.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MBeans say what they are, in words for people who have read nothing else. */
class DescribedBeanTest {
  private static final long MILLIS = 1_700_000_000_123L;

  private final MBeanServer server = MBeanServerFactory.newMBeanServer();
  private final Map<String, Object> answers =
      Map.of(
          "name",
          "a",
          "url",
          "nadb:mem:a",
          "registry",
          this,
          "nanoTime",
          0L,
          "figures",
          Map.of("state", "HEALTHY", "lastFlushTime", MILLIS),
          "sync",
          Map.of("running", true));
  private final Function<String, @Nullable Object> store = answers::get;

  @BeforeEach
  void open() throws Exception {
    new Monitor(
            () -> server,
            new MonitorSettings(Access.WRITE, true, Duration.ofMillis(200)),
            (what, e) -> {
              throw new AssertionError(what, e);
            })
        .report("opened", new Object[] {store});
  }

  private MBeanInfo info(String properties) throws Exception {
    return server.getMBeanInfo(new ObjectName("io.nadb:" + properties));
  }

  @ParameterizedTest
  @ValueSource(strings = {"type=Registry", "type=Sync", "type=Store,name=a"})
  void everyBeanAttributeOperationAndNotificationIsDescribed(String bean) throws Exception {
    MBeanInfo info = info(bean);
    List<MBeanFeatureInfo> features = new ArrayList<>();
    features.addAll(List.of(info.getAttributes()));
    features.addAll(List.of(info.getOperations()));
    features.addAll(List.of(info.getNotifications()));

    assertThat(info.getDescription()).endsWith(".").contains(" ");
    assertThat(features)
        .hasSizeGreaterThan(5)
        .allSatisfy(
            each ->
                assertThat(each.getDescription())
                    .as(each.getName())
                    .contains(" ")
                    .isNotEqualTo(each.getName()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"type=Registry", "type=Sync", "type=Store,name=a"})
  void timesAreDates(String bean) throws Exception {
    for (MBeanAttributeInfo attribute : info(bean).getAttributes()) {
      if (attribute.getName().endsWith("Time")) {
        assertThat(attribute.getType()).as(attribute.getName()).isEqualTo(Date.class.getName());
      }
    }
  }

  @Test
  @SuppressWarnings("JavaUtilDate") // what MBeans tell times by
  void theLatestFlushIsADate() throws Exception {
    assertThat(server.getAttribute(new ObjectName("io.nadb:type=Store,name=a"), "LastFlushTime"))
        .isEqualTo(new Date(MILLIS));
  }
}

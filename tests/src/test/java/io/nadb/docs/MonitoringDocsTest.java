package io.nadb.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.jmx.RegistryMXBean;
import io.nadb.jmx.StoreMXBean;
import io.nadb.jmx.SyncMXBean;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/monitoring.md says of the MBeans, beside what they are. */
class MonitoringDocsTest {
  private static final Path PAGE = Path.of("../docs/monitoring.md");

  @ParameterizedTest
  @ValueSource(classes = {StoreMXBean.class, SyncMXBean.class, RegistryMXBean.class})
  void everyAttributeAndOperationIsExplained(Class<?> bean) throws IOException {
    String page = Files.readString(PAGE);
    for (Method method : bean.getMethods()) {
      String attribute = method.getName().replaceFirst("^(get|is)(?=[A-Z])", "");
      String shown = attribute.equals(method.getName()) ? attribute + "()" : attribute;
      assertThat(page).as(bean.getSimpleName() + "." + shown).contains("`" + shown + "`");
    }
  }
}

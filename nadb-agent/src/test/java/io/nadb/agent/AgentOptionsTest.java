package io.nadb.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.jmx.Access;
import io.nadb.jmx.MonitorSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code -javaagent:…=options} means. */
class AgentOptionsTest {
  private static final MonitorSettings DEFAULTS =
      new MonitorSettings(Access.READ, true, Duration.ofMillis(200));

  private final List<String> warnings = new ArrayList<>();

  private MonitorSettings parse(@Nullable String text) {
    return AgentOptions.parse(text, warnings::add);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " "})
  void withoutOptionsTheDefaultsHold(@Nullable String none) {
    assertThat(parse(none)).isEqualTo(DEFAULTS);
    assertThat(warnings).isEmpty();
  }

  @Test
  void everyOptionIsTaken() {
    assertThat(parse("jmx=rw, Percentiles=OFF,slow=2s"))
        .isEqualTo(new MonitorSettings(Access.WRITE, false, Duration.ofSeconds(2)));
    assertThat(parse("jmx=off,percentiles=on,slow=1m"))
        .isEqualTo(new MonitorSettings(Access.NONE, true, Duration.ofMinutes(1)));
    assertThat(parse("jmx=ro,slow=50ms"))
        .isEqualTo(new MonitorSettings(Access.READ, true, Duration.ofMillis(50)));
    assertThat(warnings).isEmpty();
  }

  @Test
  void anUnknownOptionIsAWarningWithASuggestion() {
    assertThat(parse("jmy=rw")).isEqualTo(DEFAULTS);
    assertThat(warnings)
        .containsExactly(
            "unknown option jmy is ignored. Did you mean jmx? Options are jmx, percentiles, slow,"
                + " as in jmx=rw,slow=1s");
  }

  @ParameterizedTest
  @CsvSource({"jmx=yes,jmx", "percentiles=1,percentiles", "slow=5,slow", "slow=,slow", "jmx,jmx"})
  void aWrongValueIsAWarningAndTheDefaultHolds(String text, String option) {
    assertThat(parse(text)).isEqualTo(DEFAULTS);
    assertThat(warnings).singleElement().asString().startsWith("option " + option + "=");
    assertThat(warnings.get(0)).contains("is ignored; allowed is ");
  }
}

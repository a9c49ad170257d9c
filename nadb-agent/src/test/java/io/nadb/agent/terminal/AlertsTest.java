package io.nadb.agent.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The alerts that the documentation recommends are about metrics that there are. */
class AlertsTest {
  private static final Pattern METRIC = Pattern.compile("\\bnadb_[a-z0-9_]+");
  private static final Pattern EXPOSED = Pattern.compile("(?m)^(nadb_[a-z0-9_]+)\\{");

  private static Set<String> found(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(matcher.groupCount()));
    }
    return found;
  }

  @Test
  void everyMetricOfAnAlertIsInTheExposition() throws IOException {
    String page = Files.readString(Path.of("../docs/monitoring.md"));
    String alerts = page.substring(page.indexOf("## Alerts"));
    StringBuilder table = new StringBuilder();
    alerts
        .lines()
        .filter(line -> line.startsWith("| "))
        .takeWhile(line -> !line.startsWith("#"))
        .forEach(table::append);
    Set<String> named = found(METRIC, table.toString());

    assertThat(named).hasSizeGreaterThan(5).contains("nadb_sync_stalled");
    assertThat(found(EXPOSED, Expositions.full())).containsAll(named);
  }

  @Test
  void everyMetricSaysWhatItIs() {
    assertThat(Expositions.full().lines().filter(line -> line.startsWith("# HELP ")))
        .allSatisfy(line -> assertThat(line).matches("# HELP [a-z0-9_]+ .+ .+\\."));
    assertThat(found(EXPOSED, Expositions.full()))
        .allSatisfy(
            metric ->
                assertThat(Expositions.full())
                    .contains(
                        "# HELP " + metric.replaceAll("_seconds_(sum|count)$", "_seconds") + " "));
  }
}

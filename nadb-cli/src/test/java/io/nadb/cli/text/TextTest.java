package io.nadb.cli.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sizes, times, JSON and tables, in both directions. */
class TextTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

  @Test
  void sizesAreReadAndWritten() {
    assertThat(Amounts.parseSize("512")).isEqualTo(512);
    assertThat(Amounts.parseSize("64kb")).isEqualTo(65536);
    assertThat(Amounts.parseSize("1GB")).isEqualTo(1 << 30);
    assertThatThrownBy(() -> Amounts.parseSize("64k")).isInstanceOf(IllegalArgumentException.class);

    assertThat(Amounts.size(0)).isEqualTo("0 B");
    assertThat(Amounts.size(1023)).isEqualTo("1023 B");
    assertThat(Amounts.size(1024)).isEqualTo("1.0 kB");
    assertThat(Amounts.size(1024 * 1024 - 1)).isEqualTo("1.0 MB");
    assertThat(Amounts.size(15L << 30)).isEqualTo("15 GB");
    assertThat(Amounts.size(Long.MAX_VALUE)).isEqualTo("8192 PB");
  }

  @Test
  void durationsAreReadAndWritten() {
    assertThat(Amounts.parseDuration("90s")).isEqualTo(Duration.ofSeconds(90));
    assertThat(Amounts.duration(Duration.ofMillis(250))).isEqualTo("250 ms");
    assertThat(Amounts.duration(Duration.ofSeconds(90))).isEqualTo("1 min 30 s");
    assertThat(Amounts.duration(Duration.ofHours(2))).isEqualTo("2 h");
    assertThat(Amounts.duration(Duration.ofHours(51))).isEqualTo("2 d 3 h");
  }

  @Test
  void timesAreReadInAllTheirForms() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    assertThat(Amounts.parseTime("2026-11-29T12:00:00Z", NOW, -1, berlin)).isEqualTo(NOW);
    assertThat(Amounts.parseTime("2026-11-29T13:00:00+01:00", NOW, -1, berlin)).isEqualTo(NOW);
    assertThat(Amounts.parseTime("2026-11-29T13:00:00", NOW, -1, berlin)).isEqualTo(NOW);
    assertThat(Amounts.parseTime("2026-11-29 13:00:00", NOW, -1, berlin)).isEqualTo(NOW);
    assertThat(Amounts.parseTime("2026-11-29", NOW, -1, berlin)).isEqualTo("2026-11-28T23:00:00Z");
    assertThat(Amounts.parseTime("2h", NOW, -1, berlin)).isEqualTo("2026-11-29T10:00:00Z");
    assertThat(Amounts.parseTime("2h", NOW, 1, berlin)).isEqualTo("2026-11-29T14:00:00Z");
    for (String wrong : new String[] {"", "yesterday", "2026-13-01", "2026-11-29T25:00:00Z", "5"}) {
      assertThatThrownBy(() -> Amounts.parseTime(wrong, NOW, -1, berlin))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(Amounts.time(NOW, berlin)).isEqualTo("2026-11-29 13:00:00");
    assertThat(Amounts.time(NOW, ZoneOffset.UTC)).isEqualTo("2026-11-29 12:00:00Z");
  }

  @Test
  void jsonIsReadBackAsItWas() throws Exception {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("text \" \\ \n\t\r\u0000\u007f é 漢 😀", "value \u001b");
    all.put("none", null);
    all.put("empty", Optional.empty());
    all.put("number", 1L << 60);
    all.put("fraction", 0.25);
    all.put("no number", Double.NaN);
    all.put("truth", true);
    all.put("time", NOW);
    all.put("list", List.of(1, List.of(), Map.of()));

    JsonNode read = new ObjectMapper().readTree(JsonText.of(all));
    assertThat(read.get("text \" \\ \n\t\r\u0000\u007f é 漢 😀").asText()).isEqualTo("value \u001b");
    assertThat(read.get("none").isNull()).isTrue();
    assertThat(read.get("empty").isNull()).isTrue();
    assertThat(read.get("number").asLong()).isEqualTo(1L << 60);
    assertThat(read.get("fraction").asDouble()).isEqualTo(0.25);
    assertThat(read.get("no number").isNull()).isTrue();
    assertThat(read.get("truth").asBoolean()).isTrue();
    assertThat(read.get("time").asText()).isEqualTo("2026-11-29T12:00:00Z");
    assertThat(read.get("list").toString()).isEqualTo("[1,[],{}]");
    assertThatThrownBy(() -> JsonText.of(new Object()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void jsonOfAnyTextIsReadBackAsItWas() throws Exception {
    Random random = new Random(7);
    ObjectMapper mapper = new ObjectMapper();
    for (int i = 0; i < 5_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = 0; j < 8; j++) {
        text.append((char) random.nextInt(j % 2 == 0 ? 0x100 : 0x10000));
      }
      String json = JsonText.of(text);
      assertThat(mapper.readTree(json).asText()).isEqualTo(text.toString());
      assertThat(json.lines()).hasSize(1);
    }
  }

  @Test
  void controlsAndMarksOfDirectionAreShownAndNotDone() {
    assertThat(Printable.of("a\u001b[2J\u202eb\u2028c\r\n"))
        .isEqualTo("a\\u001b[2J\\u202eb\\u2028c\\u000d\\u000a");
    assertThat(Printable.of("Ä漢😀")).isEqualTo("Ä漢😀");
    assertThat(Printable.value("a\n\tb".getBytes(UTF_8))).isEqualTo("a\n\tb");
    assertThat(Printable.value(new byte[] {(byte) 0xff, 'a'}))
        .startsWith("00000000  ff 61 ")
        .endsWith(".a\n");
    assertThat(Printable.line("a".repeat(100).getBytes(UTF_8), 10)).isEqualTo("aaaaaaaaa…");
  }

  @Test
  void columnsLineUpWhateverTheirLettersAre() {
    assertThat(table(80, new String[] {"漢字", "1"}, new String[] {"ab", "1000"}))
        .containsExactly("KEY   SIZE", "漢字     1", "ab    1000");
  }

  @Test
  void aTableIsCutToTheTerminalInTheMiddleOfWhatIsWidest() {
    List<String> lines = table(20, new String[] {"begin" + "-".repeat(50) + "end", "1"});

    assertThat(lines).allMatch(line -> Printable.columns(line) <= 20);
    assertThat(lines.get(1)).startsWith("begin").contains("…").contains("end");
  }

  @Test
  void aTableWithoutRowsIsEmptyAndALongOneIsWhole() {
    assertThat(table(80)).isEmpty();

    String[][] rows = new String[2000][];
    Arrays.setAll(rows, i -> new String[] {"k" + i, Integer.toString(i)});
    assertThat(table(80, rows)).hasSize(2001).last().asString().contains("k1999").endsWith("1999");
  }

  private static List<String> table(int room, String[]... rows) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TextTable table =
        new TextTable(new PrintStream(out, false, UTF_8), room, false).left("KEY").right("SIZE");
    for (String[] row : rows) {
      table.row(row);
    }
    table.end();
    return out.toString(UTF_8).lines().toList();
  }
}

package io.nadb.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.nadb.Durability;
import io.nadb.OptionDescription;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionTest {
  private static final Option<Long> SIZE = Option.size("buffer", "1mb", "1kb", "2gb", "A buffer.");
  private static final Option<Duration> DURATION =
      Option.duration("wait", "30s", "1ms", "365d", "A wait.");
  private static final Option<Optional<Duration>> OR_OFF =
      Option.durationOrOff("flush", "5s", "1ms", "1d", "A flush.");

  @ParameterizedTest
  @CsvSource({
    "2048b, 2048",
    "64kb, 65536",
    "1mb, 1048576",
    "2gb, 2147483648",
    "1MB, 1048576",
    "1_048_576b, 1048576",
    "1__0kb, 10240",
    "+2kb, 2048"
  })
  void aSizeIsANumberWithAUnit(String text, long bytes) {
    assertThat(SIZE.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "250ms, PT0.25S",
    "5s, PT5S",
    "2m, PT2M",
    "1h, PT1H",
    "1d, P1D",
    "5S, PT5S",
    "1_000ms, PT1S"
  })
  void aDurationIsANumberWithAUnit(String text, Duration duration) {
    assertThat(DURATION.parse(text)).isEqualTo(duration);
  }

  @Test
  void aBareNumberForADurationOffersTheChoices() {
    assertRefused(DURATION, "5", "a duration needs a unit, write 5ms, 5s or 5m");
    assertRefused(DURATION, "5000", "a duration needs a unit, write 5000ms or 5s");
    assertRefused(OR_OFF, "0", "a duration needs a unit, write 0ms, 0s or 0m, or off");
  }

  @Test
  void aBareNumberForASizeOffersTheChoices() {
    assertRefused(SIZE, "1048576", "a size needs a unit, write 1048576b or 1mb");
    assertRefused(SIZE, "64", "a size needs a unit, write 64b, 64kb or 64mb");
    assertRefused(
        SIZE,
        "99999999999999999999",
        "a size needs a unit, write 99999999999999999999b, 99999999999999999999kb or"
            + " 99999999999999999999mb");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0b", "-1mb", "1023b", "3gb", "99999999999999999999gb"})
  void aSizeOutOfRangeShowsTheRange(String text) {
    assertRefused(SIZE, text, "out of range, expected 1kb to 2gb");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "-5s", "366d", "9223372036854775807d"})
  void aDurationOutOfRangeShowsTheRange(String text) {
    assertRefused(DURATION, text, "out of range, expected 1ms to 365d");
  }

  @Test
  void theEndsOfTheRangeAreAllowed() {
    assertThat(SIZE.parse("1kb")).isEqualTo(1024);
    assertThat(SIZE.parse("2gb")).isEqualTo(2L << 30);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "mb", "1 mb", "_1mb", "1_mb", "--1mb", "1mb1", "٣mb", "1mb\n"})
  void whatIsNoSizeShowsExamples(String text) {
    assertRefused(SIZE, text, "expected a size such as 64kb, 1mb or 2gb");
  }

  @Test
  void aVeryLongNumberIsRefusedAtOnce() {
    assertRefused(SIZE, "9".repeat(10_000_000), "expected a size such as 64kb, 1mb or 2gb");
  }

  @Test
  void decimalsAndUnknownUnitsAreRefused() {
    assertRefused(
        SIZE, "1.5mb", "decimals are not allowed, expected a whole number in a smaller unit");
    assertRefused(SIZE, "1tb", "unknown unit, expected a size such as 64kb, 1mb or 2gb");
    assertRefused(
        DURATION, "5sec", "unknown unit, expected a duration such as 250ms, 5s, 2m, 1h or 1d");
  }

  @Test
  void offIsNoDurationUnlessItIsAllowed() {
    assertThat(OR_OFF.parse("off")).isEmpty();
    assertThat(OR_OFF.parse("OFF")).isEmpty();
    assertThat(OR_OFF.parse("1s")).contains(Duration.ofSeconds(1));
    assertRefused(DURATION, "off", "expected a duration such as 250ms, 5s, 2m, 1h or 1d");
  }

  @Test
  void aChoiceIsOneOfTheEnumsWords() {
    Option<Durability> option = Option.choice("durability", Durability.BUFFERED, "Durable.");
    assertThat(option.parse(null)).isEqualTo(Durability.BUFFERED);
    assertThat(option.parse("Synced")).isEqualTo(Durability.SYNCED);
    assertThat(option.type()).isEqualTo("buffered | written | synced");
    assertRefused(option, "sync", "expected buffered, written or synced");
  }

  @Test
  void aChoiceKeepsTheOrderOfItsMap() {
    Map<String, Integer> levels = new LinkedHashMap<>();
    levels.put("low", 1);
    levels.put("high", 9);
    Option<Integer> option = Option.choice("level", "low", levels, "A level.");
    assertThat(option.parse("high")).isEqualTo(9);
    assertThat(option.canonical("HIGH")).contains("high");
    assertThat(option.type()).isEqualTo("low | high");
  }

  @Test
  void textIsTakenAsItIs() {
    assertThat(Option.text("a", "x", "A text.").parse("")).isEmpty();
    assertThat(Option.optionalText("a", "A text.").parse(null)).isEmpty();
    assertThat(Option.optionalText("a", "A text.").parse(" ü ")).contains(" ü ");
    Option<Optional<String>> digits =
        Option.optionalText("a", Pattern.compile("[0-9]+"), "Digits.");
    assertThat(digits.parse("12")).contains("12");
    assertRefused(digits, "12a", "expected [0-9]+");
  }

  @ParameterizedTest
  @CsvSource({"1024kb, 1mb", "1mb, 1mb", "1073741824b, 1gb", "1025b, 1025b"})
  void equalSizesHaveOneCanonicalText(String text, String canonical) {
    assertThat(SIZE.canonical(text)).contains(canonical);
  }

  @Test
  void theCanonicalTextOfAnAbsentOptionIsItsDefault() {
    assertThat(SIZE.canonical(null)).contains("1mb");
    assertThat(OR_OFF.canonical("OFF")).contains("off");
    assertThat(OR_OFF.canonical("60000ms")).contains("1m");
    assertThat(Option.optionalText("a", "A text.").canonical(null)).isEmpty();
  }

  @Test
  void aDriverDefinesOptionsOfItsOwn() {
    Option<Integer> shards =
        Option.of(
            "shard-count",
            "number",
            "4",
            text -> Integer.valueOf(String.valueOf(text)),
            Object::toString,
            "How many.");
    assertThat(shards.parse(null)).isEqualTo(4);
    assertThat(shards.canonical("007")).contains("7");
    assertThat(shards).hasToString("shard-count");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Flush", "a_b", "-a", "a--b", "1a", "ä"})
  void aNameThatIsNotLowerCaseWordsIsRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Option.text(name, "", "A text."))
        .withMessage("option name [" + name + "]: expected lower-case words joined by hyphens");
  }

  @Test
  void aDefaultThatCannotBeParsedIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Option.size("a", "5kb", "6kb", "7kb", "A size."))
        .withMessage("out of range, expected 6kb to 7kb");
  }

  @Test
  void aDescriptionSaysWhatHolds() {
    assertThat(OR_OFF.describe(null))
        .isEqualTo(
            OptionDescription.builder()
                .name("flush")
                .type("duration (1ms to 1d) or off")
                .defaultValue(Optional.of("5s"))
                .value(Optional.of("5s"))
                .description("A flush.")
                .build());
    assertThat(OR_OFF.describe("1s").value()).contains("1s");
  }

  @Test
  void aCredentialIsMaskedInDescriptions() {
    Option<Optional<String>> token = Option.optionalText("token", "A token.").masked();
    assertThat(token.sensitive()).isTrue();
    assertThat(token.describe("hunter2").value()).contains("****");
    assertThat(token.describe(null).value()).isEmpty();
    assertThat(token.parse("hunter2")).contains("hunter2");
  }

  @Test
  void anOptionWithoutDefaultIsAskedWithNull() {
    Option<String> required =
        Option.of(
            "key-id",
            "text",
            null,
            text -> Optional.ofNullable(text).orElseThrow(() -> new IllegalArgumentException("x")),
            Function.identity(),
            "A key.");
    assertRefused(required, null, "x");
  }

  private static void assertRefused(Option<?> option, @Nullable String text, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> option.parse(text)).withMessage(message);
  }
}

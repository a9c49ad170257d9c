package io.nadb.internal.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nadb.Durability;
import io.nadb.NadbUrlException;
import io.nadb.OptionDescription;
import io.nadb.internal.codec.Codec;
import io.nadb.spi.Option;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionValuesTest {
  private static final Map<String, String> ENVIRONMENT = Map.of("DB", "shop", "SECRET", "hunter2");

  @Test
  void theUrlAndTheMapAndTheDefaultsTogetherMakeTheValues() {
    OptionValues values =
        resolve("nadb:fs:./data?buffer=64kb&flush=off", Map.of("durability", "synced"));
    assertThat(values.get(StandardOptions.BUFFER)).isEqualTo(65536);
    assertThat(values.get(StandardOptions.FLUSH)).isEmpty();
    assertThat(values.get(StandardOptions.DURABILITY)).isEqualTo(Durability.SYNCED);
    assertThat(values.get(StandardOptions.SWEEP)).contains(Duration.ofSeconds(60));
    assertThat(values.get(StandardOptions.NAME)).isEmpty();
    assertThat(values.get(StandardOptions.SHUTDOWN)).isEqualTo(ShutdownAction.FLUSH);
    assertThat(values.get(StandardOptions.COMPRESSION)).isEqualTo(Codec.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"write-timeout", "WriteTimeout", "WRITE_TIMEOUT", "write_time-out"})
  void namesIgnoreCaseHyphensAndUnderscores(String name) {
    Duration second = Duration.ofSeconds(1);
    assertThat(resolve("nadb:fs:./a?" + name + "=1s").get(StandardOptions.WRITE_TIMEOUT))
        .isEqualTo(second);
    assertThat(resolve("nadb:fs:./a", Map.of(name, "1s")).get(StandardOptions.WRITE_TIMEOUT))
        .isEqualTo(second);
  }

  @Test
  void valuesAreDecodedAndPlusIsLiteral() {
    OptionValues values = resolve("nadb:fs:./a?namespace=a+b%26%23ü%F0%9F%98%80?x");
    assertThat(values.get(StandardOptions.NAMESPACE)).isEqualTo("a+b&#ü😀?x");
    assertThat(resolve("nadb:fs:./a", Map.of("namespace", "a%26")).get(StandardOptions.NAMESPACE))
        .isEqualTo("a%26");
  }

  @Test
  void variablesAreReplacedInValues() {
    String variable = "a-${env:DB}";
    assertThat(resolve("nadb:fs:./a?db=" + variable).get(StandardOptions.DB)).isEqualTo("a-shop");
    assertThat(resolve("nadb:fs:./a", Map.of("db", variable)).get(StandardOptions.DB))
        .isEqualTo("a-shop");
  }

  @Test
  void aDriversSecretIsMaskedEverywhere() {
    Option<Integer> pin =
        Option.of(
                "pin",
                "number",
                "0",
                t -> Integer.valueOf(String.valueOf(t)),
                Object::toString,
                "P.")
            .masked();
    OptionValues values =
        OptionValues.resolve(UrlParser.parse("nadb:x:y?pin=1234"), Map.of(), List.of(pin));
    assertThat(values.get(pin)).isEqualTo(1234);
    assertThat(values.url()).hasToString("nadb:x:y?pin=****");
    assertThat(values.settings()).containsExactly(Map.entry("pin", "****"));
    assertThat(values.describe().get(0).value()).contains("****");
    assertThatExceptionOfType(NadbUrlException.class)
        .isThrownBy(
            () ->
                OptionValues.resolve(
                    UrlParser.parse("nadb:x:y?pin=hunter2"), Map.of(), List.of(pin)))
        .withMessage(
            """
            Bad value of option 'pin' (character 14): expected number
              nadb:x:y?pin=****
                           ^^^^\
            """)
        .withNoCause();
  }

  @Test
  void aDriversOwnOptionIsShownOnceItsDriverIsKnown() {
    ParsedUrl url = UrlParser.parse("nadb:x:y?shards=4");
    assertThat(url).hasToString("nadb:x:y?shards=****");
    Option<String> shards = Option.text("shards", "1", "How many.");
    assertThat(OptionValues.resolve(url, Map.of(), List.of(shards)).url())
        .hasToString("nadb:x:y?shards=4");
  }

  @Test
  void settingsAreComparable() {
    assertThat(resolve("nadb:fs:./a?buffer=1024kb&flush=OFF").settings())
        .isEqualTo(resolve("nadb:fs:./b", Map.of("FLUSH", "off")).settings())
        .containsEntry("buffer", "1mb")
        .containsEntry("flush", "off")
        .containsEntry("sweep", "1m")
        .containsEntry("durability", "buffered")
        .doesNotContainKey("name");
  }

  @Test
  void descriptionsHoldTheValuesOfThisUrl() {
    List<OptionDescription> options = resolve("nadb:fs:./a?buffer=2048kb&name=x").describe();
    assertThat(options).extracting(OptionDescription::name).hasSize(15).startsWith("db");
    assertThat(options)
        .filteredOn(option -> option.name().equals("buffer"))
        .singleElement()
        .satisfies(
            option -> {
              assertThat(option.defaultValue()).contains("1mb");
              assertThat(option.value()).contains("2mb");
            });
  }

  @Test
  void aContradictionPointsAtTheOption() {
    OptionValues values =
        resolve("nadb:fs:./a?flush=off", Map.of("durability", "synced", "name", "x"));
    assertThat(
            values.contradiction(
                StandardOptions.FLUSH, StandardOptions.DURABILITY, "one of them must go"))
        .hasMessage(
            """
            Option 'flush' contradicts 'durability' (character 13): one of them must go
              nadb:fs:./a?flush=off
                          ^^^^^^^^^\
            """);
    assertThat(values.contradiction(StandardOptions.NAME, StandardOptions.DB, "why"))
        .hasMessage(
            "Option 'name' contradicts 'db' (given beside the URL): why\n  " + values.url());
    assertThat(values.contradiction(StandardOptions.BUFFER, StandardOptions.DB, "why"))
        .hasMessage("Option 'buffer' contradicts 'db' (by its default): why\n  " + values.url());
  }

  private static OptionValues resolve(String url) {
    return resolve(url, Map.of());
  }

  private static OptionValues resolve(String url, Map<String, String> beside) {
    ParsedUrl parsed = UrlParser.parse(url, ENVIRONMENT::get);
    return OptionValues.resolve(parsed, beside, StandardOptions.FS, ENVIRONMENT::get);
  }
}

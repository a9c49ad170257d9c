package io.nadb.internal.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.nadb.NadbUrlException;
import io.nadb.spi.Option;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionFaultTest {
  private static final String ACCEPTS =
      "fs accepts: access, buffer, compression, db, durability, flush, history, memory, metadata,"
          + " name, namespace, segment, shutdown, sweep, write-timeout";
  private static final Map<String, String> ENVIRONMENT = Map.of("DB", "shop", "SECRET", "hunter2");

  @Test
  void anUnknownOptionIsShownWithPositionAndSuggestion() {
    assertFault(
        "nadb:fs:./data?flsh=5s",
        """
        Unknown option 'flsh' (character 16). Did you mean 'flush'?
          nadb:fs:./data?flsh=5s
                         ^^^^
        """
            + ACCEPTS);
  }

  @Test
  void anUnknownOptionBesideTheUrlHasNoCaret() {
    assertFault(
        "nadb:fs:./data?buffer=1mb",
        Map.of("flsh", "5s"),
        """
        Unknown option 'flsh' (given beside the URL). Did you mean 'flush'?
          nadb:fs:./data?buffer=1mb
        """
            + ACCEPTS);
  }

  @Test
  void whatIsNotCloseGetsNoSuggestionAndHidesItsValue() {
    assertFault(
        "nadb:fs:./data?ttl=5s&flush=1s",
        """
        Unknown option 'ttl' (character 16)
          nadb:fs:./data?ttl=****&flush=1s
                         ^^^
        """
            + ACCEPTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bufer", "bfufer", "buffers", "BUFFFER", "bufffr", "uffer"})
  void aNearMissIsSuggested(String name) {
    assertThatExceptionOfType(NadbUrlException.class)
        .isThrownBy(() -> resolve("nadb:fs:./a?" + name + "=1mb"))
        .withMessageContaining("Did you mean 'buffer'?");
  }

  @Test
  void anOptionIsGivenOnce() {
    assertFault(
        "nadb:fs:./a?flush=5s&FLU-SH=6s",
        """
        Option 'flush' is given twice (character 22)
          nadb:fs:./a?flush=5s&FLU-SH=6s
                               ^^^^^^\
        """);
    assertFault(
        "nadb:fs:./a?flush=5s",
        Map.of("Flush", "6s"),
        """
        Option 'flush' is given in the URL (character 13) and beside it: keep one
          nadb:fs:./a?flush=5s
                      ^^^^^^^^\
        """);
    assertFault(
        "nadb:fs:./a",
        Map.of("Flush", "6s", "flush", "6s"),
        """
        Option 'flush' is given twice (given beside the URL)
          nadb:fs:./a\
        """);
  }

  @Test
  void aBadValueIsUnderlinedAsAWhole() {
    assertFault(
        "nadb:fs:./a?buffer=1gb&flush=5s",
        """
        Bad value [1gb] of option 'buffer' (character 20): out of range, expected 1kb to 128mb
          nadb:fs:./a?buffer=1gb&flush=5s
                             ^^^\
        """);
    assertFault(
        "nadb:fs:./a?flush=5",
        """
        Bad value [5] of option 'flush' (character 19): a duration needs a unit, write 5ms, 5s or \
        5m, or off
          nadb:fs:./a?flush=5
                            ^\
        """);
    assertFault(
        "nadb:fs:./a?flush=",
        """
        Bad value [] of option 'flush' (character 19): expected a duration such as 250ms, 5s, 2m, \
        1h or 1d, or off
          nadb:fs:./a?flush=
                            ^\
        """);
  }

  @Test
  void aBadValueBesideTheUrlIsQuoted() {
    assertFault(
        "nadb:fs:./a",
        Map.of("durability", "sync\n"),
        """
        Bad value [sync�] of option 'durability' (given beside the URL): expected buffered, \
        written or synced
          nadb:fs:./a\
        """);
  }

  @Test
  void aPasswordInTheQueryIsRefused() {
    assertFault(
        "nadb:fs:./a?flush=5s&pasword=hunt&er=2&name=x",
        """
        A password in the query is refused (character 22): write user:password@ before the host, \
        password-file=<path>, or ${env:NAME} in place of the password
          nadb:fs:./a?flush=5s&pasword=****&****&name=x
                               ^^^^^^^
        """
            + ACCEPTS);
  }

  @Test
  void aPasswordInTheQueryIsRefusedEvenIfADriverAcceptsIt() {
    List<Option<?>> accepted = List.of(Option.optionalText("password", "A password.").masked());
    ParsedUrl url = UrlParser.parse("nadb:x:y?password=hunter2");
    assertThatExceptionOfType(NadbUrlException.class)
        .isThrownBy(() -> OptionValues.resolve(url, Map.of(), accepted))
        .withMessageStartingWith("A password in the query is refused (character 10)");
  }

  @Test
  void aDriverWithoutOptionsSaysSo() {
    ParsedUrl url = UrlParser.parse("nadb:x:y?a=1");
    assertThatExceptionOfType(NadbUrlException.class)
        .isThrownBy(() -> OptionValues.resolve(url, Map.of(), List.of()))
        .withMessage(
            """
            Unknown option 'a' (character 10)
              nadb:x:y?a=****
                       ^
            x accepts no options\
            """);
  }

  @Test
  void aVariablesContentIsNotShown() {
    assertFault(
        "nadb:fs:./a?flush=${env:SECRET}",
        """
        Bad value of option 'flush' (character 19): expected duration (1ms to 365d) or off
          nadb:fs:./a?flush=${env:SECRET}
                            ^^^^^^^^^^^^^\
        """);
    assertThat(resolve("nadb:fs:./a?db=${env:SECRET}").describe().get(0).value())
        .contains("${env:SECRET}");
  }

  @Test
  void aMissingVariableIsNamed() {
    assertFault(
        "nadb:fs:./a?db=x${env:NONE}&flush=5s",
        """
        Environment variable [NONE] is not set (character 17)
          nadb:fs:./a?db=x${env:NONE}&flush=5s
                          ^^^^^^^^^^^\
        """);
    assertFault(
        "nadb:fs:./a",
        Map.of("db", "${env:NONE}"),
        """
        Environment variable [NONE] is not set (given beside the URL)
          nadb:fs:./a\
        """);
  }

  @Test
  void anOptionThatMustBeGivenIsMissed() {
    Option<String> region =
        Option.of(
            "region",
            "text",
            null,
            text ->
                Optional.ofNullable(text)
                    .orElseThrow(() -> new IllegalArgumentException("expected a region")),
            Function.identity(),
            "Where.");
    assertThatExceptionOfType(NadbUrlException.class)
        .isThrownBy(
            () -> OptionValues.resolve(UrlParser.parse("nadb:x:y"), Map.of(), List.of(region)))
        .withMessage("Option 'region' is missing: expected a region\n  nadb:x:y");
  }

  @Test
  void anOptionOfAnotherDriverIsTheProgrammersFault() {
    OptionValues values = resolve("nadb:fs:./a");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> values.get(Option.text("other", "", "Other.")))
        .withMessageStartingWith("option [other] is not among those of fs: [db, ");
    Option<String> db = StandardOptions.DB;
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> OptionValues.resolve(UrlParser.parse("nadb:x:y"), Map.of(), List.of(db, db)))
        .withMessage("driver [x] declares option [db] twice");
  }

  private static void assertFault(String url, String message) {
    assertFault(url, Map.of(), message);
  }

  private static void assertFault(String url, Map<String, String> beside, String message) {
    assertThatExceptionOfType(NadbUrlException.class)
        .isThrownBy(() -> resolve(url, beside))
        .withMessage(message);
  }

  private static OptionValues resolve(String url) {
    return resolve(url, Map.of());
  }

  private static OptionValues resolve(String url, Map<String, String> beside) {
    ParsedUrl parsed = UrlParser.parse(url, ENVIRONMENT::get);
    return OptionValues.resolve(parsed, beside, StandardOptions.FS, ENVIRONMENT::get);
  }
}

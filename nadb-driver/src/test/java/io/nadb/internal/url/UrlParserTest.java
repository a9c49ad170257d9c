package io.nadb.internal.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.nadb.spi.NadbUrl;
import io.nadb.spi.NadbUrl.Endpoint;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlParserTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("USER", "app", "PW", "p@ss:w%40/rd", "EMPTY", "");

  @Test
  void aPathFormHasSchemeAndPath() {
    NadbUrl url = parse("nadb:fs:./data?buffer=1mb&flush=5s");
    assertThat(url.scheme()).isEqualTo("fs");
    assertThat(url.path()).isEqualTo("./data");
    assertThat(url.endpoints()).isEmpty();
    assertThat(url.host()).isEmpty();
    assertThat(url.port()).isEmpty();
    assertThat(url.user()).isEmpty();
    assertThat(url.password()).isEmpty();
    assertThat(url).hasToString("nadb:fs:./data?buffer=1mb&flush=5s");
  }

  @Test
  void aHostFormHasUserPasswordHostPortAndPath() {
    NadbUrl url = parse("nadb:redis://app:s%40cret@localhost:6379/0?db=x");
    assertThat(url.scheme()).isEqualTo("redis");
    assertThat(url.user()).contains("app");
    assertThat(url.password()).contains("s@cret");
    assertThat(url.host()).contains("localhost");
    assertThat(url.port()).hasValue(6379);
    assertThat(url.path()).isEqualTo("/0");
    assertThat(url).hasToString("nadb:redis://app:****@localhost:6379/0?db=x");
  }

  @Test
  void theShortestHostFormHasOnlyAHost() {
    NadbUrl url = parse("nadb:redis://h");
    assertThat(url.host()).contains("h");
    assertThat(url.port()).isEmpty();
    assertThat(url.path()).isEmpty();
  }

  @Test
  void severalHostsKeepTheirOrder() {
    assertThat(parse("nadb:redis://h2:2,h1,[::1]:3/0").endpoints())
        .containsExactly(
            new Endpoint("h2", OptionalInt.of(2)),
            new Endpoint("h1", OptionalInt.empty()),
            new Endpoint("::1", OptionalInt.of(3)));
  }

  @Test
  void anAddressMayBeInBrackets() {
    NadbUrl url = parse("nadb:redis://:pw@[2001:db8::1]:6379");
    assertThat(url.host()).contains("2001:db8::1");
    assertThat(url.port()).hasValue(6379);
    assertThat(url.user()).isEmpty();
    assertThat(url.password()).contains("pw");
    assertThat(parse("nadb:redis://[::ffff:10.0.0.1]").port()).isEmpty();
  }

  @Test
  void aLayeredUrlIsAPathToItsOuterLayer() {
    NadbUrl url = parse("nadb:test:fs:./da%20ta?flush=5s");
    assertThat(url.scheme()).isEqualTo("test");
    assertThat(url.path()).isEqualTo("fs:./da ta");
    assertThat(url.rawPath()).isEqualTo("fs:./da%20ta");
    assertThat(parse("nadb:test:redis://app:pw@h/0")).hasToString("nadb:test:redis://app:****@h/0");
  }

  @Test
  void prefixAndSchemeIgnoreCase() {
    assertThat(parse("NADB:FS:./Data").scheme()).isEqualTo("fs");
    assertThat(parse("NADB:FS:./Data").path()).isEqualTo("./Data");
  }

  @ParameterizedTest
  @CsvSource({
    "a+b, a+b",
    "a%2Bb, a+b",
    "C:\\data, C:\\data",
    "/var/my data, /var/my data",
    "a#b, a#b",
    "a%3Fb%25, a?b%",
    "%C3%BC/%f0%9f%98%80, ü/😀",
    "日本/ü😀, 日本/ü😀",
    "./mail/me@home, ./mail/me@home",
    "a=b&c, a=b&c",
    "${env:USER}, ${env:USER}"
  })
  void aPathIsDecodedAndOtherwiseLiteral(String written, String path) {
    assertThat(parse("nadb:fs:" + written).path()).isEqualTo(path);
  }

  @Test
  void variablesAreReplacedInTheUserinfoAsTheyAre() {
    NadbUrl url = parse("nadb:redis://${env:USER}:${env:PW}%21@h");
    assertThat(url.user()).contains("app");
    assertThat(url.password()).contains("p@ss:w%40/rd!");
    assertThat(url).hasToString("nadb:redis://****@h");
  }

  @Test
  void aUserinfoMayHoldOtherSpecialCharacters() {
    NadbUrl url = parse("nadb:redis://app:a:b#c+d!$&@h");
    assertThat(url.password()).contains("a:b#c+d!$&");
  }

  @Test
  void aUserAloneIsMaskedBecauseItMayBeAPassword() {
    NadbUrl url = parse("nadb:redis://alice@h");
    assertThat(url.user()).contains("alice");
    assertThat(url.password()).isEmpty();
    assertThat(url).hasToString("nadb:redis://****@h");
  }

  @Test
  @SuppressWarnings("NullAway") // What a caller without a checker may do.
  void nullIsTheProgrammersFault() {
    assertThatNullPointerException().isThrownBy(() -> parse(null)).withMessage("url");
  }

  private static NadbUrl parse(String url) {
    return UrlParser.parse(url, ENVIRONMENT::get);
  }
}

package io.nadb.internal.url;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nadb.NadbUrlException;
import io.nadb.spi.NadbUrl;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedUrlTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("USER", "app", "PW", "p@ss:w%40/rd", "EMPTY", "");

  @Test
  void anEmptyUrlIsRefused() {
    assertFault("", "The URL is empty: expected nadb:<scheme>:<path>[?option=value&...]");
  }

  @Test
  void anotherSystemsUrlIsRefused() {
    assertFault(
        "jdbc:sqlite:x?password=hunter2",
        """
        Not a NADB URL (character 1): expected nadb:<scheme>:<path>[?option=value&...]
          jdbc:****
          ^^^^^\
        """);
  }

  @Test
  void missingPiecesAreNamed() {
    assertFault(
        "nadb:",
        """
        No scheme (character 6): expected nadb:<scheme>:<path>[?option=value&...]
          nadb:
               ^\
        """);
    assertFault(
        "nadb:fs",
        """
        No path (character 8): expected nadb:fs:<path>, for example nadb:fs:./data
          nadb:fs
                 ^\
        """);
    assertFault(
        "nadb:fs:",
        """
        No path (character 9): expected nadb:fs:<path>, for example nadb:fs:./data
          nadb:fs:
                  ^\
        """);
    assertFault(
        "nadb:fs:?flush=5s",
        """
        No path (character 9): expected nadb:fs:<path>, for example nadb:fs:./data
          nadb:fs:?flush=5s
                  ^\
        """);
    assertFault(
        "nadb:fs:///var/data",
        """
        No host (character 11): expected '//<host>'; a file's path has no '//', as in \
        nadb:fs:/var/data
          nadb:fs:///var/data
                    ^\
        """);
  }

  @Test
  void anEscapeMustBeTwoHexadecimalDigits() {
    assertFault(
        "nadb:fs:./100%",
        """
        Malformed escape (character 14): expected '%' and two hexadecimal digits; '%' itself is \
        written %25
          nadb:fs:./100%
                       ^\
        """);
    assertFault(
        "nadb:fs:./a?name=%zz",
        """
        Malformed escape (character 18): expected '%' and two hexadecimal digits; '%' itself is \
        written %25
          nadb:fs:./a?name=%zz
                           ^^^\
        """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%FF", "%C3", "%C3x", "%ED%A0%80", "%C0%80", "%F0%9F%98"})
  void escapedBytesMustBeUtf8(String path) {
    assertThatExceptionOfType(NadbUrlException.class)
        .isThrownBy(() -> parse("nadb:fs:./" + path))
        .withMessageStartingWith("Escaped bytes that are not UTF-8 (character 11)\n");
  }

  @Test
  void nulInThePathIsRefused() {
    assertFault(
        "nadb:fs:./a%00b",
        """
        NUL in the path (character 12): no file or server has such a name
          nadb:fs:./a%00b
                     ^^^\
        """);
  }

  @Test
  void aHashInTheQueryIsReserved() {
    assertFault(
        "nadb:fs:./a#b?name=a#b",
        """
        Reserved character '#' (character 21): in an option it is written %23
          nadb:fs:./a#b?name=a#b
                              ^\
        """);
  }

  @Test
  void optionsAreNameEqualsValue() {
    assertFault(
        "nadb:fs:./a?flush=5s&",
        """
        No option after '&' (character 21): expected option=value
          nadb:fs:./a?flush=5s&
                              ^\
        """);
    assertFault(
        "nadb:fs:./a?",
        """
        No option after '?' (character 12): expected option=value
          nadb:fs:./a?
                     ^\
        """);
    assertFault(
        "nadb:fs:./a?flush",
        """
        No '=' in an option (character 13): expected option=value
          nadb:fs:./a?flush
                      ^^^^^\
        """);
    assertFault(
        "nadb:fs:./a?=5s",
        """
        No option name before '=' (character 13): expected option=value
          nadb:fs:./a?=****
                      ^\
        """);
  }

  @Test
  void anAtInAPasswordIsRefusedWithoutShowingIt() {
    assertFault(
        "nadb:redis://app:hunt@er2@h",
        """
        Misplaced '@' (character 18): in a user, password, path or option, '@' is written %40, \
        '/' %2F and '?' %3F
          nadb:redis://****@h
                           ^\
        """);
    assertFault(
        "nadb:redis://app:hun/ter2@h",
        """
        Misplaced '@' (character 22): in a user, password, path or option, '@' is written %40, \
        '/' %2F and '?' %3F
          nadb:redis://app:****@h
                               ^\
        """);
  }

  @Test
  void aForgottenAtDoesNotShowThePassword() {
    assertFault(
        "nadb:redis://app:hunter2",
        """
        Malformed port (character 18): expected a number from 1 to 65535
          nadb:redis://app:****
                           ^^^^\
        """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "nadb:redis://h:0 Malformed·port",
        "nadb:redis://h:65536 Malformed·port",
        "nadb:redis://h: Malformed·port",
        "nadb:redis://h:9999999999 Malformed·port",
        "nadb:redis://:6379 No·host",
        "nadb:redis://a:b@ No·host",
        "nadb:redis://h1,,h2 No·host",
        "nadb:redis://@h No·user·before·'@'",
        "nadb:redis://a:@h The·password·is·empty",
        "nadb:redis://a:${env:EMPTY}@h The·password·is·empty",
        "nadb:redis://::1:6379 No·host",
        "nadb:redis://1::1 More·than·one",
        "nadb:redis://[::1 Malformed·host",
        "nadb:redis://[zz]:1 Malformed·host",
        "nadb:redis://[::1]x:1 Malformed·host",
        "nadb:redis://h!:1 Malformed·host",
        "nadb:f_s:./a Malformed·scheme",
        "nadb:-f:./a Malformed·scheme",
        "nadb:f-:./a Malformed·scheme",
        "nadb:./a Malformed·scheme",
        "nadb::./a No·scheme",
        "nadb://h/a No·scheme",
        "fs:./data Not·a·NADB·URL",
        "nadb Not·a·NADB·URL",
        "nadb:redis://${env:NONE}@h Environment·variable·[NONE]·is·not·set",
        "nadb:redis://${env:}@h Malformed·environment·variable",
        "nadb:redis://${env:A@h Malformed·environment·variable",
        "nadb:redis://h/a@b Misplaced·'@'",
        "nadb:redis://h?name=a@b Misplaced·'@'",
        "nadb:test:redis://a:b@c@h Misplaced·'@'"
      })
  void malformedUrlsSayWhatIsWrong(String url, String start) {
    assertThatExceptionOfType(NadbUrlException.class)
        .isThrownBy(() -> parse(url))
        .withMessageStartingWith(start.replace('·', ' '));
  }

  @Test
  void whiteSpaceAroundIsRefused() {
    assertFault(
        " nadb:fs:./a",
        """
        White space before the URL (character 1): expected nadb:<scheme>:<path>[?option=value&...]
           nadb:fs:./a
          ^\
        """);
    assertFault(
        "nadb:fs:./a ",
        """
        White space after the URL (character 12): a space that belongs to it is written %20
          nadb:fs:./a\s
                     ^\
        """);
  }

  @Test
  void controlCharactersCannotForgeALogLine() {
    assertFault(
        "nadb:fs:./a\nERROR",
        """
        Control character (character 12): write it as %0A
          nadb:fs:./a�ERROR
                     ^\
        """);
    assertThatExceptionOfType(NadbUrlException.class)
        .isThrownBy(() -> parse("nadb:fs:./\uD800x"))
        .withMessageStartingWith("Unpaired surrogate (character 11)");
  }

  @Test
  void positionsCountCharactersNotUtf16Units() {
    assertFault(
        "nadb:fs:./😀?=1",
        """
        No option name before '=' (character 13): expected option=value
          nadb:fs:./😀?=****
                      ^\
        """);
  }

  private static void assertFault(String url, String message) {
    assertThatExceptionOfType(NadbUrlException.class)
        .isThrownBy(() -> parse(url))
        .withMessage(message);
  }

  private static NadbUrl parse(String url) {
    return UrlParser.parse(url, ENVIRONMENT::get);
  }
}

package io.nadb.internal.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.nadb.NadbUrlException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  private static final String SECRET = "hunter2";
  private static final List<String> SECRETS = List.of(SECRET, "Zq7", "x9/Zq7", "x9?Zq7", "x9#Zq7");
  private static final List<String> TEMPLATES =
      List.of(
          "nadb:redis://u:§@h",
          "nadb:redis://u:§@h:6379/0?flush=5s",
          "nadb:redis://:§@h?flush=5",
          "nadb:redis://§@h",
          "nadb:redis://u:a@§@h",
          "nadb:redis://u:a/§@h",
          "nadb:redis://u:a?§@h",
          "nadb:redis://u:12?§=1@h",
          "nadb:redis://u:12?a=§@h",
          "nadb:redis://u:12?a&§@h&b",
          "nadb:redis://u:a#§@h?#",
          "nadb:redis://u:§%@h",
          "nadb:redis://u:%zz§@h",
          "nadb:redis://u:§",
          "nadb:redis://u:§/0?flush=5",
          "nadb:redis://u:§@",
          "nadb:redis://u:§@:1",
          "nadb:redis://u:§@h:x",
          "nadb:redis://u:§@[::1",
          "nadb:redis://u:§@h,,",
          "nadb:redis://${env:NONE}:§@h",
          "nadb:redis://u:${env:SECRET}@h:x",
          "nadb:redis://h?flush=${env:SECRET}",
          "nadb:redis:/u:§@h",
          "nadb:redis:u:§@h?",
          "nadb:redis//u:§@h",
          "nadb:redis//u:§",
          "nadb://u:§@h",
          "nadb:u:§@h?",
          "nadb::u:§@h",
          "nadb:re dis://u:§@h",
          "nadb:test:redis://u:§@h?x",
          "nadb:test:redis://u:§@h@?flush=5",
          " nadb:redis://u:§@h",
          "nadb:redis://u:§@h ",
          "nadb:redis://u:§@h\n",
          "nabd:redis://u:§@h",
          "redis://u:§@h",
          "jdbc:x://h?password=§",
          "u:§@h",
          "fs:./a?password=§",
          "fs:u:§@h",
          "FS:./a?x=§&flush=5s",
          "./a?password=§",
          "/a/u:§@h",
          "nadb:fs:./a?flush=5s,token=§",
          "nadb:fs:./a?flush=5s,buffer=1kb,pasword=§",
          "nadb:fs:./a?flush=5s;x-buffer=§",
          "nadb:fs:./a?password=§",
          "nadb:fs:./a?pasword=§",
          "nadb:fs:./a?PASS_WORD=§&",
          "nadb:fs:./a?passwrod=§#",
          "nadb:fs:./a?pwd=§&flush=5",
          "nadb:fs:./a?secret=§",
          "nadb:fs:./a?token=%§",
          "nadb:fs:./a?api-key=§&x",
          "nadb:fs:./a?auth=§&=",
          "nadb:fs:./a?x=§&flsh=5",
          "nadb:fs:./a?password:§",
          "nadb:fs:./a?password",
          "nadb:fs:./a?password=a&§",
          "nadb:fs:./a?password=a&§=b",
          "nadb:fs:./a?password=a&flush=5s&§",
          "nadb:fs:./a?flush=5s;password=§",
          "nadb:fs:./a?flush=5s,password:§",
          "nadb:fs:./a?flush=5s%3Bpassword%3D§",
          "nadb:fs:./a?flush=5s?password=§",
          "nadb:fs:./a&password=§",
          "nadb:fs:./a;pasword=§?flush=5",
          "nadb:fs:./a?flush=5s&flush=5s&password=§",
          "nadb:fs:./a?password-file=§&flush=5");

  @ParameterizedTest
  @CsvSource({
    "nadb:fs:./a?flush=5s&NAME=x, nadb:fs:./a?flush=5s&NAME=x",
    "nadb:fs:./mail/me@home, nadb:fs:./mail/me@home",
    "nadb:fs:./a?namespace=me@home, nadb:fs:./a?namespace=me@home",
    "nadb:redis:app:pw@h, nadb:redis:****@h",
    "nadb:redis:pw@h, nadb:redis:****@h",
    "nadb:redis://:pw@h, nadb:redis://****@h",
    "nadb:fs:./a&password=x, nadb:fs:./a&password=****",
    "nadb:redis://[::1]:6379, nadb:redis://[::1]:6379",
    "nadb:fs:C:\\data, nadb:fs:C:\\data",
    "nadb:fs:./a?token=x&name=y, nadb:fs:./a?token=****&name=y"
  })
  void aWellFormedUrlIsShownWithoutWhatMayBeACredential(String url, String shown) {
    assertThat(UrlParser.parse(url)).hasToString(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fs:./x",
        "mem:test?flush=5s",
        "FS:/var/data?flush=5s&buffer=1kb",
        "./data",
        "../data/x",
        "/var/lib/data",
        "nadb:fs:./x?flush=5s,buffer=1kb",
        "nadb:fs:./x?flush=5s;buffer=1kb;segment=1mb"
      })
  void aMistakeThatHidesNoCredentialIsShown(String url) {
    assertThat(Redaction.malformed(url)).hasToString(url);
  }

  @Test
  void noMessageHoldsAPlantedSecret() {
    for (String template : TEMPLATES) {
      for (String secret : SECRETS) {
        assertHidden(template.replace("§", secret), SECRET, "Zq7");
      }
    }
  }

  @Test
  void noMutationOfAUrlBringsThePasswordOut() {
    Random random = new Random(20261101);
    // A password alone becomes a user once a ':' stands behind it, and users are shown.
    List<String> templates = TEMPLATES.stream().filter(t -> !t.contains("//§")).toList();
    String characters = "@:/?#&=%[]$ {},;.\\5saü\n\uD83D";
    for (int round = 0; round < 20_000; round++) {
      String template = templates.get(random.nextInt(templates.size()));
      int secret = template.indexOf('§');
      StringBuilder url = new StringBuilder(template);
      // Behind the secret anything may happen; before it, the marks that make it one must stay.
      for (int edit = random.nextInt(4); edit >= 0 && secret >= 0; edit--) {
        int at = secret + 1 + random.nextInt(url.length() - secret);
        char c = characters.charAt(random.nextInt(characters.length()));
        url.insert(at, c);
      }
      assertHidden(url.toString().replace("§", SECRET), SECRET);
    }
  }

  @Test
  void randomTextThrowsNothingElse() {
    Random random = new Random(42);
    List<String> words =
        List.of(
            "nadb:",
            "fs",
            "redis",
            ":",
            "//",
            "/",
            "u",
            "@",
            "?",
            "&",
            "=",
            "#",
            "%",
            "%41",
            "%00",
            "%C3%BC",
            "flush",
            "5s",
            "buffer",
            "1mb",
            "password",
            "${env:SECRET}",
            "${env:",
            "}",
            "[",
            "::1",
            "]",
            "6379",
            ",",
            "ü",
            "😀",
            "\uDE00",
            " ",
            "\t",
            "\0",
            "..",
            "_",
            "-");
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "" : "nadb:");
      for (int i = random.nextInt(14); i > 0; i--) {
        text.append(words.get(random.nextInt(words.size())));
      }
      assertHidden(text.toString(), SECRET);
    }
  }

  @Test
  void aVeryLongUrlIsHandled() {
    String large = "a_".repeat(200_000);
    for (String form : List.of("nadb:fs:%s", "%s", "nadb:fs:./a?%s", "nadb:fs:./a?flush=%s")) {
      assertHidden(form.formatted(large), SECRET);
    }
  }

  /** Uses a URL in every way there is, and looks at every text that comes out. */
  private static void assertHidden(String text, String... secrets) {
    StringBuilder seen = new StringBuilder();
    try {
      ParsedUrl url = UrlParser.parse(text, Map.of("SECRET", SECRET)::get);
      seen.append(url);
      OptionValues values =
          OptionValues.resolve(url, Map.of(), StandardOptions.FS, Map.of("SECRET", SECRET)::get);
      seen.append(values.url()).append(values.describe());
    } catch (NadbUrlException e) {
      for (Throwable t = e; t != null; t = t.getCause()) {
        seen.append(t);
      }
    }
    for (String secret : secrets) {
      if (seen.indexOf(secret) >= 0) {
        fail("[%s] shows the secret: %s", text, seen);
      }
    }
  }
}

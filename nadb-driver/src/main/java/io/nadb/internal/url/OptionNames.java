package io.nadb.internal.url;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What an option's name tells: which option is meant, and whether its value is a credential. */
final class OptionNames {
  private static final Set<String> PASSWORDS =
      Set.of("password", "passwd", "passphrase", "passcode", "pass", "pwd", "pw");
  private static final List<String> PASSWORD_PARTS = List.of("pass", "pwd");
  private static final List<String> SECRET_PARTS = List.of("secret", "token", "credential", "auth");
  private static final List<String> OFTEN_MISSPELT =
      List.of("password", "passwd", "passphrase", "secret", "token", "credential", "credentials");

  private OptionNames() {}

  /** The form in which names are compared: case, hyphens and underscores don't count. */
  static String normal(String name) {
    return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }

  /** Whether the name is a word for a password, written correctly. */
  static boolean isPassword(String name) {
    return PASSWORDS.contains(normal(name));
  }

  /** Whether the name means a password, misspelt perhaps; a file's name is none. */
  static boolean looksLikePassword(String name) {
    String normal = normal(name);
    return !normal.endsWith("file")
        && (PASSWORDS.contains(normal)
            || PASSWORD_PARTS.stream().anyMatch(normal::contains)
            || near(normal, "password")
            || near(normal, "passwd"));
  }

  /** Whether a value under this name may be a credential; rather too often than too rarely. */
  static boolean looksSensitive(String name) {
    String normal = normal(name);
    return PASSWORDS.contains(normal)
        || normal.endsWith("key")
        || Stream.concat(PASSWORD_PARTS.stream(), SECRET_PARTS.stream()).anyMatch(normal::contains)
        || OFTEN_MISSPELT.stream().anyMatch(word -> near(normal, word));
  }

  /** The name that was probably meant, if one is close enough. */
  static Optional<String> suggestion(String seen, Stream<String> names) {
    String normal = normal(seen);
    return names
        .filter(name -> near(normal, normal(name)))
        .min(
            Comparator.comparingInt((String name) -> distance(normal, normal(name)))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static boolean near(String seen, String word) {
    int allowed = Math.min(seen.length(), word.length()) < 6 ? 1 : 2;
    return Math.abs(seen.length() - word.length()) <= allowed && distance(seen, word) <= allowed;
  }

  /** Damerau-Levenshtein: characters inserted, left out, replaced, or swapped with the next one. */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int replaced = cost[i - 1][j - 1] + (same ? 0 : 1);
        int best = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          best = Math.min(best, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = best;
      }
    }
    return cost[a.length()][b.length()];
  }
}

package io.nadb.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page on concurrency has every lock and every variable that is read without one. */
class ConcurrencyDocsTest {
  private static final Path SOURCES = Path.of("..", "nadb-driver", "src", "main", "java");
  private static final Path PAGE = Path.of("..", "docs", "concurrency.md");

  /** The word, not what is part of a warning's name. */
  private static final Pattern SYNCHRONIZED = Pattern.compile("\\bsynchronized\\b");

  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\n]*");
  private static final String MODIFIERS = "(?:(?:private|protected|public|static|final) )";
  private static final Pattern FIELD =
      Pattern.compile(
          "(?m)^ +(?:"
              + MODIFIERS
              + "*volatile [^=;(]*?|"
              + MODIFIERS
              + "+(?:ReentrantLock|StampedLock|Atomic\\w+(?:<[^=;]*>)?) )"
              + "\\b(\\w+)(?: =[^;]*)?;");
  private static final Pattern SHARED =
      Pattern.compile("\\bsynchronized\\b|\\bConcurrent\\w+Map\\b|\\bLongAdder\\b");

  @Test
  void everyLockAndEverySharedVariableIsOnThePage() throws IOException {
    List<String> rows =
        Files.readAllLines(PAGE).stream().filter(line -> line.startsWith("| `")).toList();
    List<String> missing = new ArrayList<>();
    Set<String> found = new TreeSet<>();
    try (var files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).sorted().toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        String code = COMMENT.matcher(Files.readString(file)).replaceAll("");
        String body = code.replaceAll("(?m)^import .*$", "");
        Matcher fields = FIELD.matcher(body);
        String text =
            rows.stream()
                .filter(row -> row.split("\\|", -1)[1].contains("`" + name + "`"))
                .collect(Collectors.joining("\n"));
        boolean shares = SHARED.matcher(body).find();
        while (fields.find()) {
          shares = true;
          found.add(fields.group(1));
          if (!text.contains("`" + fields.group(1) + "`")) {
            missing.add(name + "." + fields.group(1));
          }
        }
        if (shares && text.isEmpty()) {
          missing.add(name);
        }
        if (SYNCHRONIZED.matcher(body).find() && !text.contains("monitor")) {
          missing.add("the monitor of " + name);
        }
      }
    }

    assertThat(found).as("what the test can see").contains("flushing", "layers", "awakeSince");
    assertThat(missing).as("not in a row of their class in " + PAGE).isEmpty();
  }

  @Test
  void thePagesNameNoTypeThatIsGone() throws IOException {
    Set<String> types = new TreeSet<>();
    for (String module :
        List.of("nadb-driver", "nadb-testkit", "nadb-junit", "nadb-agent", "tests")) {
      try (var files = Files.walk(Path.of("..", module, "src"))) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".java"))
            .forEach(name -> types.add(name.replace(".java", "")));
      }
    }
    for (String page : List.of("architecture.md", "concurrency.md")) {
      String text = Files.readString(PAGE.resolveSibling(page));
      Matcher named = Pattern.compile("`([A-Z][a-z]\\w+)\\b").matcher(text);
      Set<String> gone = new TreeSet<>();
      while (named.find()) {
        if (!types.contains(named.group(1))) {
          gone.add(named.group(1));
        }
      }
      gone.removeAll(Set.of("Location", "Output"));
      assertThat(gone).as("types in " + page).isEmpty();
    }
  }
}

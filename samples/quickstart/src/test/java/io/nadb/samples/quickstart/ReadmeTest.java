package io.nadb.samples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiles and runs Java blocks of the README as a reader would: in a folder of his. */
class ReadmeTest {
  private static final Pattern JAVA_BLOCK = Pattern.compile("(?ms)^```java\\n(.*?)^```$");
  private static final Path README = Path.of("..", "..", "README.md");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"# NADB", "## Change it safely"})
  void theFirstExampleOfASectionCompilesAndPrintsWhatItSays(String heading) throws Exception {
    String block = firstJavaBlock(heading);
    Path source = Files.writeString(folder.resolve("Example.java"), asClass(block));

    compile(source);
    String printed = run();

    assertThat(printed.lines().toList()).containsExactlyElementsOf(promised(block));
    assertThat(folder.resolve("data")).isNotEmptyDirectory();
  }

  private static String firstJavaBlock(String heading) throws IOException {
    String readme = Files.readString(README);
    int section = readme.indexOf(heading + "\n");
    assertThat(section).as("the section %s", heading).isNotNegative();
    Matcher matcher = JAVA_BLOCK.matcher(readme.substring(section));
    assertThat(matcher.find()).as("a block ```java in %s", README).isTrue();
    return matcher.group(1);
  }

  /** The block's import lines first, its statements in a main method. */
  private static String asClass(String block) {
    List<String> lines = new ArrayList<>(block.lines().toList());
    List<String> imports = lines.stream().filter(line -> line.startsWith("import ")).toList();
    lines.removeAll(imports);
    return String.join("\n", imports)
        + "\npublic class Example {\n  public static void main(String[] args) throws Exception {\n"
        + String.join("\n", lines)
        + "\n  }\n}\n";
  }

  /** What follows {@code // prints} in the block, line by line. */
  private static List<String> promised(String block) {
    Matcher matcher = Pattern.compile("// prints (.*)").matcher(block);
    return matcher.results().map(result -> result.group(1)).toList();
  }

  private void compile(Path source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int result =
        compiler.run(
            null,
            null,
            null,
            "-cp",
            System.getProperty("java.class.path"),
            "-Xlint:all,-processing,-path",
            "-Werror",
            "-proc:none",
            source.toString());
    assertThat(result).as("what javac says of the example (see above)").isZero();
  }

  private String run() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    String classPath = folder + System.getProperty("path.separator");
    Process process =
        new ProcessBuilder(
                java.toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath + System.getProperty("java.class.path"),
                "Example")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }
}

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Sums up the reports of surefire and failsafe below a folder. Exits with 1 if a test failed or was
 * skipped, or if there was none.
 */
public final class TestSummary {

  private TestSummary() {}

  /** Argument: the folder. */
  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]).toRealPath();
    List<String> troubles = new ArrayList<>();
    Counts all = new Counts();
    System.out.printf("%-46s %7s %8s %6s %7s %8s%n", "", "tests", "failures", "errors", "skipped", "time");
    for (Path folder : reportFolders(root)) {
      Counts counts = new Counts();
      for (Path report : reports(folder)) {
        counts.add(report, troubles);
      }
      counts.print(root.relativize(folder).toString().replace("/target", ""));
      all.add(counts);
    }
    all.print("in all");
    troubles.forEach(System.out::println);
    int bad = all.failures + all.errors;
    System.out.printf(
        "%n%d passed, %d failed, %d skipped%n", all.tests - bad - all.skipped, bad, all.skipped);
    if (all.tests == 0 || bad + all.skipped > 0) {
      System.out.println(all.tests == 0 ? "No test ran." : "Every test must run and pass here.");
      System.exit(1);
    }
  }

  private static List<Path> reportFolders(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(Files::isDirectory)
          .filter(path -> path.getParent().endsWith("target"))
          .filter(path -> path.endsWith("surefire-reports") || path.endsWith("failsafe-reports"))
          .sorted()
          .toList();
    }
  }

  private static List<Path> reports(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths
          .filter(path -> path.getFileName().toString().matches("TEST-.*\\.xml"))
          .sorted()
          .toList();
    }
  }

  private static final class Counts {
    private int tests;
    private int failures;
    private int errors;
    private int skipped;
    private double seconds;

    void add(Path report, List<String> troubles) throws Exception {
      Element suite =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(report.toFile())
              .getDocumentElement();
      seconds += Double.parseDouble(suite.getAttribute("time").replace(",", ""));
      NodeList cases = suite.getElementsByTagName("testcase");
      for (int i = 0; i < cases.getLength(); i++) {
        Element test = (Element) cases.item(i);
        tests++;
        failures += note(test, "failure", troubles);
        errors += note(test, "error", troubles);
        skipped += note(test, "skipped", troubles);
      }
    }

    private static int note(Element test, String outcome, List<String> troubles) {
      for (Node child = test.getFirstChild(); child != null; child = child.getNextSibling()) {
        if (child instanceof Element && child.getNodeName().equals(outcome)) {
          String message = ((Element) child).getAttribute("message");
          troubles.add(
              String.format(
                  "  %s: %s.%s: %s",
                  outcome,
                  test.getAttribute("classname"),
                  test.getAttribute("name"),
                  message.isEmpty() ? "no reason given" : message.lines().findFirst().orElse("")));
          return 1;
        }
      }
      return 0;
    }

    void add(Counts other) {
      tests += other.tests;
      failures += other.failures;
      errors += other.errors;
      skipped += other.skipped;
      seconds += other.seconds;
    }

    void print(String name) {
      System.out.printf(
          "%-46s %7d %8d %6d %7d %6.1f s%n", name, tests, failures, errors, skipped, seconds);
    }
  }
}

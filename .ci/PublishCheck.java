import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Checks a repository of files by the rules of Maven Central, or that two builds are equal.
 *
 * <pre>
 * java .ci/PublishCheck.java repository gpg-home version
 * java .ci/PublishCheck.java --same first-clone second-clone
 * </pre>
 */
public final class PublishCheck {
  private static final List<String> REQUIRED =
      List.of("name", "description", "url", "licenses", "developers", "scm");

  private final Path repository;
  private final Path gpgHome;
  private final String version;
  private final Map<String, Element> poms = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private int files;

  private PublishCheck(Path repository, Path gpgHome, String version) {
    this.repository = repository;
    this.gpgHome = gpgHome;
    this.version = version;
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("--same")) {
      end(differences(Path.of(arguments[1]), Path.of(arguments[2])));
      return;
    }
    PublishCheck check =
        new PublishCheck(Path.of(arguments[0]), Path.of(arguments[1]), arguments[2]);
    check.run();
    System.out.printf(
        "%d artifacts with %d files, each signed and with checksums: %s%n",
        check.poms.size(), check.files, String.join(", ", new TreeSet<>(check.poms.keySet())));
    end(check.faults);
  }

  private static void end(List<String> faults) {
    faults.forEach(fault -> System.err.println("FAULT: " + fault));
    if (!faults.isEmpty()) {
      System.exit(1);
    }
  }

  private void run() throws Exception {
    List<Path> published;
    try (Stream<Path> walk = Files.walk(repository)) {
      published = walk.filter(file -> file.toString().endsWith(".pom")).sorted().toList();
    }
    for (Path pom : published) {
      Element project =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(pom.toFile())
              .getDocumentElement();
      poms.put(text(project, "artifactId"), project);
    }
    if (poms.isEmpty()) {
      faults.add(repository + " has no artifact");
    }
    for (Path pom : published) {
      check(pom);
    }
  }

  private void check(Path pom) throws Exception {
    String name = pom.getFileName().toString().replace(".pom", "");
    String artifact = name.replace("-" + version, "");
    Element project = poms.get(artifact);
    if (project == null) {
      faults.add(pom + " is not of version " + version);
      return;
    }
    for (String element : REQUIRED) {
      if (inherited(project, element) == null) {
        faults.add(name + ": the POM has no <" + element + ">, and neither has its parent");
      }
    }
    for (String unwanted : List.of("repositories", "pluginRepositories")) {
      if (child(project, unwanted) != null) {
        faults.add(name + ": the POM has <" + unwanted + ">");
      }
    }
    if (Files.readString(pom).contains("-SNAPSHOT")) {
      faults.add(name + ": the POM depends on a snapshot");
    }
    String packaging = text(project, "packaging");
    List<String> needed = new ArrayList<>(List.of(".pom"));
    if (!"pom".equals(packaging)) {
      needed.addAll(List.of(".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json"));
    }
    for (String suffix : needed) {
      if (!Files.exists(pom.resolveSibling(name + suffix))) {
        faults.add(name + suffix + " is missing");
      }
    }
    checkFiles(pom.getParent());
  }

  /** Each file that is no signature has one, and checksums, which are true. */
  private void checkFiles(Path directory) throws Exception {
    List<Path> all;
    try (Stream<Path> list = Files.list(directory)) {
      all = list.sorted().toList();
    }
    for (Path file : all) {
      String name = file.getFileName().toString();
      if (name.endsWith(".md5") || name.endsWith(".sha1")) {
        continue;
      }
      if (name.endsWith(".asc")) {
        continue; // Of a signature nobody asks for checksums.
      }
      for (String[] kind : new String[][] {{"md5", "MD5"}, {"sha1", "SHA-1"}}) {
        Path sum = file.resolveSibling(name + "." + kind[0]);
        if (!Files.exists(sum) || !Files.readString(sum).strip().equals(digest(file, kind[1]))) {
          faults.add(name + " has no checksum " + kind[0] + ", or a wrong one");
        }
      }
      files++;
      if (!isSigned(file)) {
        faults.add(name + " has no signature, or a wrong one");
      }
    }
  }

  private boolean isSigned(Path file) throws IOException, InterruptedException {
    Path signature = file.resolveSibling(file.getFileName() + ".asc");
    return Files.exists(signature)
        && new ProcessBuilder(
                    "gpg",
                    "--homedir",
                    gpgHome.toString(),
                    "--batch",
                    "--verify",
                    signature.toString(),
                    file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor()
            == 0;
  }

  private static String digest(Path file, String algorithm) throws Exception {
    byte[] digest = MessageDigest.getInstance(algorithm).digest(Files.readAllBytes(file));
    return String.format("%0" + 2 * digest.length + "x", new BigInteger(1, digest));
  }

  /** An element of the POM that is not empty, or of its parent, which is published as well. */
  private Element inherited(Element project, String name) {
    Element own = child(project, name);
    if (own != null && !own.getTextContent().isBlank()) {
      return own;
    }
    Element parent = child(project, "parent");
    Element above = parent == null ? null : poms.get(text(parent, "artifactId"));
    // Central wants these of each POM, whatever its parent says.
    boolean ofItsOwn = name.equals("name") || name.equals("description");
    return above == null || ofItsOwn ? null : inherited(above, name);
  }

  private static Element child(Element parent, String name) {
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        return element;
      }
    }
    return null;
  }

  private static String text(Element parent, String name) {
    Element child = child(parent, name);
    return child == null ? null : child.getTextContent().strip();
  }

  private static List<String> differences(Path first, Path second) throws Exception {
    Map<String, String> one = built(first);
    Map<String, String> other = built(second);
    List<String> faults = new ArrayList<>();
    if (one.isEmpty() || !one.keySet().equals(other.keySet())) {
      faults.add("not the same files: " + one.keySet() + " and " + other.keySet());
    }
    one.forEach(
        (name, digest) -> {
          if (!digest.equals(other.get(name))) {
            faults.add(name + " differs between two builds of the same commit");
          }
        });
    System.out.println("compared in two clones: " + one.size() + " jars and SBOMs");
    return faults;
  }

  private static Map<String, String> built(Path clone) throws Exception {
    Map<String, String> digests = new TreeMap<>();
    List<Path> all;
    try (Stream<Path> walk = Files.walk(clone, 3)) {
      all =
          walk.filter(file -> clone.relativize(file).toString().matches("nadb-[^/]*/target/nadb-.*\\.(jar|json)"))
              .toList();
    }
    for (Path file : all) {
      digests.put(clone.relativize(file).toString(), digest(file, "SHA-256"));
    }
    return digests;
  }
}

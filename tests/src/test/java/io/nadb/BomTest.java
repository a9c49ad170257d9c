package io.nadb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bill of materials, beside the modules that there are. */
class BomTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern ARTIFACT =
      Pattern.compile("<artifactId>(nadb-[a-z-]+)</artifactId>");
  private static final Pattern VERSION = Pattern.compile("<version>([^<$]+)</version>");

  @Test
  void itNamesEveryModuleThatIsPublishedAndNoOther() throws IOException {
    String bom = Files.readString(ROOT.resolve("nadb-bom/pom.xml"));
    List<String> named = ARTIFACT.matcher(bom).results().map(hit -> hit.group(1)).skip(1).toList();
    assertThat(named).containsExactlyInAnyOrderElementsOf(publishedModules());
  }

  @Test
  void itHasTheVersionOfTheModules() throws IOException {
    assertThat(version("nadb-bom/pom.xml")).isEqualTo(version("pom.xml"));
  }

  private static List<String> publishedModules() throws IOException {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> name.startsWith("nadb-") && !name.equals("nadb-bom"))
          .filter(name -> Files.exists(ROOT.resolve(name).resolve("pom.xml")))
          .toList();
    }
  }

  private static String version(String pom) throws IOException {
    return VERSION
        .matcher(Files.readString(ROOT.resolve(pom)))
        .results()
        .map(hit -> hit.group(1))
        .findFirst()
        .orElseThrow();
  }
}

package io.nadb.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** What is in the agent's jar, and what must not be. */
class AgentJarIT {
  private static final List<String> OURS = List.of("io/nadb/agent/", "io/nadb/jmx/");

  private static JarFile jar() throws Exception {
    return new JarFile(WatchedJvm.agentJar().toFile());
  }

  private static List<JarEntry> classes(JarFile jar) {
    return jar.stream().filter(entry -> entry.getName().endsWith(".class")).toList();
  }

  private static String withoutVersion(String name) {
    return name.replaceFirst("^META-INF/versions/[0-9]+/", "");
  }

  @Test
  void everyClassIsOursOrRelocated() throws Exception {
    try (JarFile jar = jar()) {
      assertThat(classes(jar))
          .hasSizeGreaterThan(1000)
          .allMatch(entry -> OURS.stream().anyMatch(withoutVersion(entry.getName())::startsWith));
    }
  }

  @Test
  void noClassNamesAnUnrelocatedLibrary() throws Exception {
    try (JarFile jar = jar()) {
      for (JarEntry entry : classes(jar)) {
        String content =
            new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(content)
            .as(entry.getName())
            .doesNotContain("net/bytebuddy/", "org/HdrHistogram/", "Lpicocli/");
      }
    }
  }

  @Test
  void itIsNoModuleAndHasNoServices() throws Exception {
    try (JarFile jar = jar()) {
      assertThat(jar.stream().map(JarEntry::getName))
          .noneMatch(name -> name.endsWith("module-info.class"))
          .noneMatch(name -> name.startsWith("META-INF/services/"));
    }
  }

  @Test
  void theLibrarysOwnJarHasNothingOfTheAgent() throws Exception {
    String library = WatchedJvm.libraryJar();
    try (JarFile jar = new JarFile(library)) {
      assertThat(jar.stream().map(JarEntry::getName))
          .contains("module-info.class", "io/nadb/NadbDriverManager.class")
          .noneMatch(name -> name.startsWith("io/nadb/agent") || name.startsWith("io/nadb/jmx"));
    }
  }

  @Test
  void theLicencesOfTheLibrariesAreThere() throws Exception {
    try (JarFile jar = jar()) {
      assertThat(jar.stream().map(JarEntry::getName)).contains("META-INF/LICENSE");
    }
  }

  @Test
  void oneJarIsAnAgentACommandAndMultiRelease() throws Exception {
    try (JarFile jar = jar()) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      assertThat(manifest.getValue("Premain-Class")).isEqualTo("io.nadb.agent.NadbAgent");
      assertThat(manifest.getValue("Agent-Class")).isEqualTo("io.nadb.agent.NadbAgent");
      assertThat(manifest.getValue("Main-Class")).isEqualTo("io.nadb.agent.terminal.Nadb");
      assertThat(manifest.getValue("Can-Retransform-Classes")).isEqualTo("true");
      assertThat(manifest.getValue("Implementation-Version")).isNotBlank();
      assertThat(jar.isMultiRelease()).isTrue();
      assertThat(jar.stream().map(JarEntry::getName))
          .anyMatch(name -> name.matches("META-INF/versions/[0-9]+/io/nadb/agent/shaded/.*class"));
    }
  }
}

package io.nadb.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** The versions of the stores that take part, as the build has them. */
final class Versions {
  private Versions() {}

  static String describe() throws IOException {
    Properties versions = new Properties();
    try (InputStream in = Versions.class.getResourceAsStream("versions.properties")) {
      if (in == null) {
        throw new IOException("versions.properties is not on the class path; build with Maven");
      }
      versions.load(in);
    }
    List<String> names = new ArrayList<>();
    for (String name : versions.stringPropertyNames().stream().sorted().toList()) {
      names.add(name + " " + versions.getProperty(name));
    }
    return String.join(", ", names);
  }
}

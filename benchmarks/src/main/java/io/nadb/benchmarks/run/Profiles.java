package io.nadb.benchmarks.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder of profiles: where the time of a trial went, when it was recorded last. */
public final class Profiles {
  private final Path directory;

  /** The profiles among all else that is in a directory of results. */
  public Profiles(Path results) {
    this.directory = results.resolve("profiles");
  }

  /** Keeps a profile, in place of an earlier one with the same title. */
  void keep(String title, String profile) throws IOException {
    Files.createDirectories(directory);
    String name = title.replaceAll("[^A-Za-z0-9]+", "-") + ".md";
    Files.writeString(
        directory.resolve(name),
        "### " + title + "\n\n```\n" + profile.stripTrailing() + "\n```\n");
  }

  /** All profiles, as a part of a page; empty if there are none. */
  public String section() throws IOException {
    if (!Files.isDirectory(directory)) {
      return "";
    }
    StringBuilder section = new StringBuilder();
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> sorted = files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
      for (Path file : sorted) {
        section.append(section.isEmpty() ? "" : "\n").append(Files.readString(file));
      }
    }
    return section.isEmpty()
        ? ""
        : "## Where the time goes\n\nRecorded by async-profiler (`benchmarks/run --profile`): the share"
            + " of the samples, one for each millisecond of processor time, opening the store,"
            + " warming up and checking included, by the method that ran or by the JVM's own"
            + " routine.\n\n"
            + section;
  }
}

package io.nadb.benchmarks.run;

import io.nadb.benchmarks.store.StoreKind;
import io.nadb.benchmarks.workload.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Filled stores, each filled once and copied for each trial that begins with one. */
final class Templates {
  private final Path directory;
  private final Launcher launcher;

  Templates(Path directory, Launcher launcher) {
    this.directory = directory;
    this.launcher = launcher;
  }

  /** The name of the folder that a template has; stores that differ only in writing share it. */
  static String folder(StoreKind kind, Template template) {
    return kind.owner().label() + "-" + template.toArgument();
  }

  /**
   * Copies a filled store.
   *
   * @return why it could not be filled; empty if it was
   */
  String copy(StoreKind kind, Template template, Path to) throws IOException, InterruptedException {
    if (kind == StoreKind.MAP) {
      return "";
    }
    Path folder = directory.resolve(folder(kind, template));
    Path failed = directory.resolve(folder.getFileName() + ".failed");
    if (!Files.exists(folder) && !Files.exists(failed)) {
      Path unfinished = directory.resolve("unfinished");
      Folders.delete(unfinished);
      Files.createDirectories(unfinished);
      Launcher.Outcome outcome =
          launcher.run(
              List.of("fill", unfinished.toString(), kind.owner().label(), template.toArgument()));
      if (outcome.failed()) {
        Folders.delete(unfinished);
        Files.writeString(failed, "filling it: " + outcome.failure());
      } else {
        Files.move(unfinished, folder);
      }
    }
    if (Files.exists(failed)) {
      return Files.readString(failed);
    }
    Folders.copy(folder, to);
    return "";
  }

  /** Deletes the templates that are not among these. */
  void keepOnly(Set<String> folders) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> found = Files.list(directory)) {
      all = found.toList();
    }
    for (Path each : all) {
      if (!folders.contains(String.valueOf(each.getFileName()).replace(".failed", ""))) {
        Folders.delete(each);
      }
    }
  }
}

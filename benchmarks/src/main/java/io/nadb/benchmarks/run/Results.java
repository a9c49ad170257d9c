package io.nadb.benchmarks.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The file of all that was measured, one figure a line, so that a run can be ended and gone on with
 * later. Lines that begin with {@code #} tell how it was measured.
 */
public final class Results {
  private final Path file;
  private final List<Measurement> measurements = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  private Results(Path file) {
    this.file = file;
  }

  /** Begins anew, or goes on with what the file has. */
  public static Results open(Path file, boolean resume) throws IOException {
    Results results = new Results(file);
    Files.createDirectories(file.toAbsolutePath().getParent());
    if (resume && Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("#")) {
          results.remarks.add(line.substring(1).strip());
        } else if (!line.isBlank()) {
          results.measurements.add(Measurement.ofLine(line));
        }
      }
    } else {
      Files.writeString(file, "");
    }
    return results;
  }

  /** All figures so far. */
  public List<Measurement> measurements() {
    return List.copyOf(measurements);
  }

  /** How they were measured: a line for each run. */
  public List<String> remarks() {
    return List.copyOf(remarks);
  }

  /** Notes how what follows is measured. */
  public void remark(String remark) throws IOException {
    if (!remarks.contains(remark)) {
      remarks.add(remark);
      append("# " + remark);
    }
  }

  boolean has(String workload, String variant, String store, int round) {
    return measurements.stream()
        .anyMatch(
            each ->
                each.workload().equals(workload)
                    && each.variant().equals(variant)
                    && each.store().equals(store)
                    && each.round() == round);
  }

  /** Drops what was measured of a store, to be measured again. */
  void forget(String workload, String variant, String store) throws IOException {
    boolean known =
        measurements.removeIf(
            each ->
                each.workload().equals(workload)
                    && each.variant().equals(variant)
                    && each.store().equals(store));
    if (known) {
      Files.writeString(file, "");
      for (String remark : remarks) {
        append("# " + remark);
      }
      for (Measurement each : measurements) {
        append(each.toLine());
      }
    }
  }

  void add(Measurement measurement) throws IOException {
    measurements.add(measurement);
    append(measurement.toLine());
  }

  private void append(String line) throws IOException {
    Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}

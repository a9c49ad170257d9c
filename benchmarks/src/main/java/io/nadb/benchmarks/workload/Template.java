package io.nadb.benchmarks.workload;

/**
 * What a store holds before a workload begins: version 0 of keys 0, 1, 2, …. Unless its process was
 * killed, the store had the time to do all that it had put off.
 *
 * @param keys how many
 * @param valueBytes how long the values are
 * @param labelled whether the store is one for entries with tags and TTL
 * @param killed whether the process that filled it died without closing it
 */
public record Template(int keys, int valueBytes, boolean labelled, boolean killed) {

  /** A store that was filled and closed. */
  public static Template of(Variant variant) {
    return new Template(variant.keys(), variant.valueBytes(), false, false);
  }

  /** The same, for entries with tags and TTL. */
  public Template asLabelled() {
    return new Template(keys, valueBytes, true, killed);
  }

  /** The same, whose process was killed. */
  public Template asKilled() {
    return new Template(keys, valueBytes, labelled, true);
  }

  /** Returns the template as one argument for a child process. */
  public String toArgument() {
    return keys
        + "x"
        + valueBytes
        + (labelled ? "-labelled" : "-plain")
        + (killed ? "-killed" : "-closed");
  }

  /** Reads what {@link #toArgument} wrote. */
  public static Template ofArgument(String argument) {
    String[] parts = argument.split("[x-]", -1);
    return new Template(
        Integer.parseInt(parts[0]),
        Integer.parseInt(parts[1]),
        parts[2].equals("labelled"),
        parts[3].equals("killed"));
  }
}

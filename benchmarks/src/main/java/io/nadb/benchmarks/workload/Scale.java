package io.nadb.benchmarks.workload;

/**
 * How big and how long workloads are.
 *
 * @param name how the user chose it
 * @param keys how many keys a store has unless the workload says otherwise
 * @param big how many keys the biggest stores have
 * @param millis how long a workload without a fixed amount of work is measured
 * @param rounds how often each trial is done
 */
public record Scale(String name, int keys, int big, int millis, int rounds) {
  /** What the published figures are measured with. */
  public static final Scale FULL = new Scale("full", 1_000_000, 10_000_000, 5000, 3);

  /** A few minutes for a first look. */
  public static final Scale QUICK = new Scale("quick", 100_000, 100_000, 1500, 1);

  /** Just enough for every line of code to run. */
  public static final Scale TINY = new Scale("tiny", 500, 500, 10, 1);

  /** The same with other figures; zero leaves one as it is. */
  public Scale with(int otherKeys, int otherBig, int otherRounds) {
    return new Scale(
        name,
        otherKeys == 0 ? keys : otherKeys,
        Math.max(otherKeys == 0 ? keys : otherKeys, otherBig == 0 ? big : otherBig),
        millis,
        otherRounds == 0 ? rounds : otherRounds);
  }

  /** Whether of a workload's variants only those run that tell most. */
  boolean isBrief() {
    return name.equals(QUICK.name);
  }

  /** Returns the scale as one argument for a child process. */
  public String toArgument() {
    return String.join(
        ",", name, String.valueOf(keys), String.valueOf(big), String.valueOf(millis));
  }

  /** Reads what {@link #toArgument} wrote. */
  public static Scale ofArgument(String argument) {
    String[] parts = argument.split(",", -1);
    return new Scale(
        parts[0],
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]),
        Integer.parseInt(parts[3]),
        1);
  }
}

package io.nadb.testkit;

import io.nadb.Driver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What a {@link NadbHarness} is to be like. Immutable; begin with {@link #DEFAULT}.
 *
 * @param url the URL of its first store; see {@link NadbHarness#open}
 * @param start when its clock begins
 * @param patience how long, on the machine's clock, a background thread may go without coming to
 *     rest
 * @param seed what its random numbers begin with; empty for another seed each time
 * @param drivers drivers that no service file names
 * @param lenient the checks that are left out
 * @param name what {@code nadb:test:} URLs call it; empty for a name that is made up
 * @since 0.1.0
 */
public record HarnessSettings(
    String url,
    Instant start,
    Duration patience,
    OptionalLong seed,
    List<Driver> drivers,
    Set<Check> lenient,
    String name) {

  /** An fs store with the options' defaults, at the start of the year 2030. */
  public static final HarnessSettings DEFAULT =
      new HarnessSettings(
          "nadb:fs:",
          Instant.parse("2030-01-01T00:00:00Z"),
          Duration.ofSeconds(10),
          OptionalLong.empty(),
          List.of(),
          Set.of(),
          "");

  /** Copies the collections. */
  public HarnessSettings {
    drivers = List.copyOf(drivers);
    lenient = Set.copyOf(lenient);
  }

  /** These settings, with this URL for the first store. */
  public HarnessSettings withUrl(String other) {
    return new HarnessSettings(other, start, patience, seed, drivers, lenient, name);
  }

  /** These settings, with a clock that begins at this time. */
  public HarnessSettings withStart(Instant other) {
    return new HarnessSettings(url, other, patience, seed, drivers, lenient, name);
  }

  /** These settings, with this patience. */
  public HarnessSettings withPatience(Duration other) {
    return new HarnessSettings(url, start, other, seed, drivers, lenient, name);
  }

  /** These settings, with this seed. */
  public HarnessSettings withSeed(long other) {
    return new HarnessSettings(
        url, start, patience, OptionalLong.of(other), drivers, lenient, name);
  }

  /** These settings, with one more driver. */
  public HarnessSettings withDriver(Driver driver) {
    List<Driver> more = new ArrayList<>(drivers);
    more.add(driver);
    return new HarnessSettings(url, start, patience, seed, more, lenient, name);
  }

  /** These settings, without these checks either. */
  public HarnessSettings without(Check... checks) {
    Set<Check> more = EnumSet.noneOf(Check.class);
    more.addAll(lenient);
    more.addAll(List.of(checks));
    return new HarnessSettings(url, start, patience, seed, drivers, more, name);
  }

  /**
   * These settings, with a name, by which {@code nadb:test:<name>:fs:./data} leads to the harness:
   * for one that belongs to no test, but to something that outlives tests, such as an application
   * context that Spring caches for several test classes.
   *
   * @throws IllegalArgumentException if it is no name: a letter, then letters, digits, {@code -}
   *     and {@code _}
   */
  public HarnessSettings withName(String other) {
    RunningHarnesses.checkName(other);
    return new HarnessSettings(url, start, patience, seed, drivers, lenient, other);
  }

  HarnessSettings withoutName() {
    return new HarnessSettings(url, start, patience, seed, drivers, lenient, "");
  }

  long seedOrNew() {
    return seed.orElseGet(() -> new SplittableRandom().nextLong());
  }
}

package io.nadb.spi;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A kind of number that is written with a unit: sizes in bytes, durations in milliseconds. */
final class Quantity {

  static final Quantity SIZE =
      new Quantity(
          "size",
          "a size such as 64kb, 1mb or 2gb",
          List.of("b", "kb", "mb"),
          new Unit("b", 1),
          new Unit("kb", 1L << 10),
          new Unit("mb", 1L << 20),
          new Unit("gb", 1L << 30));

  static final Quantity DURATION =
      new Quantity(
          "duration",
          "a duration such as 250ms, 5s, 2m, 1h or 1d",
          List.of("ms", "s", "m"),
          new Unit("ms", 1),
          new Unit("s", 1_000),
          new Unit("m", 60_000),
          new Unit("h", 3_600_000),
          new Unit("d", 86_400_000));

  /** Possessive, so that a long text costs linear time and no stack. */
  private static final Pattern NUMBER =
      Pattern.compile("([+-]?)([0-9][0-9_]*+)(\\.[0-9_]*+)?([A-Za-z]*+)");

  /** Longer than any amount, and short enough for arithmetic on it to cost nothing. */
  private static final int MAX_LENGTH = 100;

  private final String kind;
  private final String expected;
  private final List<String> offered;
  private final List<Unit> units;

  private Quantity(String kind, String expected, List<String> offered, Unit... units) {
    this.kind = kind;
    this.expected = expected;
    this.offered = offered;
    this.units = List.of(units);
  }

  String kind() {
    return kind;
  }

  String expected() {
    return expected;
  }

  /** Parses a text that must lie in the range, in the smallest unit. */
  long parse(String text, Range range) {
    BigInteger amount = parse(text);
    if (amount.compareTo(BigInteger.valueOf(range.min())) < 0
        || amount.compareTo(BigInteger.valueOf(range.max())) > 0) {
      throw new IllegalArgumentException("out of range, expected " + describe(range));
    }
    return amount.longValueExact();
  }

  Range range(String min, String max) {
    return new Range(parse(min).longValueExact(), parse(max).longValueExact());
  }

  String describe(Range range) {
    return format(range.min()) + " to " + format(range.max());
  }

  /** Writes an amount with the largest unit that leaves a whole number. */
  String format(long amount) {
    for (int i = units.size() - 1; i > 0; i--) {
      Unit unit = units.get(i);
      if (amount != 0 && amount % unit.factor() == 0) {
        return amount / unit.factor() + unit.name();
      }
    }
    return amount + units.get(0).name();
  }

  private BigInteger parse(String text) {
    Matcher matcher = NUMBER.matcher(text);
    if (text.length() > MAX_LENGTH || !matcher.matches() || matcher.group(2).endsWith("_")) {
      throw new IllegalArgumentException("expected " + expected);
    }
    if (matcher.group(3) != null) {
      throw new IllegalArgumentException(
          "decimals are not allowed, expected a whole number in a smaller unit");
    }
    BigInteger number = new BigInteger(matcher.group(1) + matcher.group(2).replace("_", ""));
    String unitName = matcher.group(4).toLowerCase(Locale.ROOT);
    if (unitName.isEmpty()) {
      throw new IllegalArgumentException("a " + kind + " needs a unit, write " + choices(number));
    }
    for (Unit unit : units) {
      if (unit.name().equals(unitName)) {
        return number.multiply(BigInteger.valueOf(unit.factor()));
      }
    }
    throw new IllegalArgumentException("unknown unit, expected " + expected);
  }

  /** Offers the same number in a larger unit where that is exact, and other readings elsewhere. */
  private String choices(BigInteger number) {
    List<String> choices = new ArrayList<>();
    String smallest = number + offered.get(0);
    if (number.bitLength() < Long.SIZE && !format(number.longValue()).equals(smallest)) {
      choices.add(smallest);
      choices.add(format(number.longValue()));
    } else {
      offered.forEach(unit -> choices.add(number + unit));
    }
    return Option.alternatives(choices);
  }

  /** The amounts that are allowed, both ends included, in the smallest unit. */
  record Range(long min, long max) {}

  private record Unit(String name, long factor) {}
}

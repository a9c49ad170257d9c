package io.nadb.testkit;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on what a crash took.
 *
 * @since 0.1.0
 */
public class CrashReportAssert extends AbstractAssert<CrashReportAssert, CrashReport> {

  /** Begins an assertion; {@link NadbAssertions#assertThat(CrashReport)} reads better. */
  public CrashReportAssert(CrashReport actual) {
    super(actual, CrashReportAssert.class);
  }

  private CrashReportAssert check(Predicate<CrashReport> holds, String expected) {
    isNotNull();
    if (!holds.test(actual)) {
      throw failure("%nExpecting a crash that %s, but%n%s", expected, actual);
    }
    return this;
  }

  /** Every acknowledged write is still there. */
  public CrashReportAssert lostNothing() {
    return check(report -> report.lost().isEmpty() && report.inDoubt().isEmpty(), "lost nothing");
  }

  /** The lost writes are of these keys, one for each, in the order in which they were made. */
  public CrashReportAssert lostExactly(String... keys) {
    isNotNull();
    List<String> wanted = List.of(keys);
    List<String> lost = actual.lost().stream().map(LostWrite::key).toList();
    String difference = Difference.of(wanted, lost);
    return check(
        report -> lost.equals(wanted) && report.inDoubt().isEmpty(),
        "lost exactly writes of "
            + Text.quote(wanted)
            + (difference.isEmpty() ? ", in this order" : " (" + difference + ")"));
  }

  /** No write of these keys is lost, or in doubt. */
  public CrashReportAssert kept(String... keys) {
    List<String> wanted = List.of(keys);
    return check(
        report ->
            Stream.concat(report.lost().stream(), report.inDoubt().stream())
                .noneMatch(write -> wanted.contains(write.key())),
        "kept " + Text.quote(wanted));
  }

  /** No more bytes of values than this are lost or in doubt. */
  public CrashReportAssert lostAtMost(long bytes) {
    return check(
        report ->
            report.lostBytes() + report.inDoubt().stream().mapToLong(LostWrite::size).sum()
                <= bytes,
        "lost at most " + bytes + " bytes");
  }
}

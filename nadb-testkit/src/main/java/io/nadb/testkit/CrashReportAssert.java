package io.nadb.testkit;

import java.util.List;
import org.assertj.core.api.AbstractAssert;

/** Assertions on what a crash took. */
public class CrashReportAssert extends AbstractAssert<CrashReportAssert, CrashReport> {

  /** Begins an assertion; {@link NadbAssertions#assertThat(CrashReport)} reads better. */
  public CrashReportAssert(CrashReport actual) {
    super(actual, CrashReportAssert.class);
  }

  private CrashReportAssert check(boolean holds, String expected) {
    isNotNull();
    if (!holds) {
      throw failure("%nExpecting a crash that %s, but%n%s", expected, actual);
    }
    return this;
  }

  /** Every acknowledged write is still there. */
  public CrashReportAssert lostNothing() {
    return check(actual.lost().isEmpty() && actual.inDoubt().isEmpty(), "lost nothing");
  }

  /** The lost writes are of these keys, one for each, in the order in which they were made. */
  public CrashReportAssert lostExactly(String... keys) {
    List<String> wanted = List.of(keys);
    List<String> lost = actual.lost().stream().map(LostWrite::key).toList();
    return check(
        lost.equals(wanted) && actual.inDoubt().isEmpty(), "lost exactly writes of " + wanted);
  }

  /** No write of these keys is lost, or in doubt. */
  public CrashReportAssert kept(String... keys) {
    List<String> wanted = List.of(keys);
    return check(
        actual.lost().stream().noneMatch(write -> wanted.contains(write.key()))
            && actual.inDoubt().stream().noneMatch(write -> wanted.contains(write.key())),
        "kept " + wanted);
  }

  /** No more bytes of values than this are lost or in doubt. */
  public CrashReportAssert lostAtMost(long bytes) {
    long doubtful = actual.inDoubt().stream().mapToLong(LostWrite::size).sum();
    return check(actual.lostBytes() + doubtful <= bytes, "lost at most " + bytes + " bytes");
  }
}

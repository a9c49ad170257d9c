package io.nadb.repair;

import java.nio.file.Path;
import java.util.List;

/**
 * What a repair has saved, and what not. Immutable; later versions may say more.
 *
 * @since 0.1.0
 */
public final class RepairResult {
  private final Path target;
  private final long entries;
  private final long bytes;
  private final long unsureUpTo;
  private final long unsureEntries;
  private final List<String> lostKeys;
  private final List<Finding> findings;

  RepairResult(Path target, Examination of, long entries, long bytes, long unsureEntries) {
    this.target = target;
    this.entries = entries;
    this.bytes = bytes;
    this.unsureUpTo = of.unsureUpTo();
    this.unsureEntries = unsureEntries;
    this.lostKeys = List.copyOf(of.keys().lost());
    this.findings = List.copyOf(of.findings());
  }

  /** The directory of the new store. */
  public Path target() {
    return target;
  }

  /** How many entries were saved, expired ones included. */
  public long entries() {
    return entries;
  }

  /** How many bytes the values of these have. */
  public long bytes() {
    return bytes;
  }

  /** The entries of which only the name is left, as {@code namespace/key}; unmodifiable. */
  public List<String> lostKeys() {
    return lostKeys;
  }

  /**
   * Up to which write of the damaged store some are lost, it is not known of which keys: entries
   * that were set before may have been replaced or deleted by those. 0 if there are none; {@link
   * Long#MAX_VALUE} if it is not known up to which.
   */
  public long unsureUpTo() {
    return unsureUpTo;
  }

  /** How many of the saved entries were set before, and so may be outdated, or deleted ones. */
  public long unsureEntries() {
    return unsureEntries;
  }

  /** File by file, what could not be read and what does not count; unmodifiable. */
  public List<Finding> findings() {
    return findings;
  }

  /** Tells all of it to people, in some lines. */
  public String report() {
    StringBuilder text = new StringBuilder();
    text.append(entries).append(" entries, ").append(bytes).append(" bytes, are in ");
    text.append(target).append(".\n");
    if (unsureUpTo > 0) {
      text.append("Of the writes");
      text.append(unsureUpTo == Long.MAX_VALUE ? "" : " up to " + unsureUpTo);
      text.append(" some are lost, it is not known of which keys: ").append(unsureEntries);
      text.append(" of these entries are older, and may have been replaced or deleted since.\n");
    }
    if (!lostKeys.isEmpty()) {
      text.append("Entries that are lost: ").append(String.join(", ", lostKeys)).append(".\n");
    }
    findings.forEach(
        each -> text.append("  ").append(each.kind()).append(' ').append(each).append('\n'));
    return text.toString();
  }

  @Override
  public String toString() {
    return "RepairResult["
        + entries
        + " entries in "
        + target
        + ", "
        + lostKeys.size()
        + " lost by name, "
        + findings.size()
        + " findings]";
  }
}

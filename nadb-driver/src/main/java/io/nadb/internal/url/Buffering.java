package io.nadb.internal.url;

import io.nadb.Durability;
import io.nadb.OptionDescription;
import io.nadb.spi.Option;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * How writes are buffered, as a URL says: the defaults of {@code buffer} and {@code durability}
 * depend on what else is given.
 */
public final class Buffering {
  private static final Option<Optional<Long>> BUFFER_OR_OFF = StandardOptions.BUFFER_OR_OFF;
  private static final Option<Optional<Duration>> FLUSH = StandardOptions.FLUSH;
  private static final Option<Durability> DURABILITY = StandardOptions.DURABILITY;

  private final OptionValues options;

  /** The buffer's size; empty for none. */
  private final Optional<Long> bytes;

  private Buffering(OptionValues options) {
    this.options = options;
    this.bytes = bytesOf();
    checkDurability();
  }

  /**
   * Finds out what the options say together.
   *
   * @throws io.nadb.NadbUrlException if they contradict each other
   */
  public static Buffering of(OptionValues options) {
    return new Buffering(options);
  }

  private Optional<Long> bytesOf() {
    if (!options.accepts(BUFFER_OR_OFF)) {
      return options.accepts(StandardOptions.BUFFER)
          ? Optional.of(options.get(StandardOptions.BUFFER))
          : Optional.empty();
    }
    Optional<Long> given = options.get(BUFFER_OR_OFF);
    boolean flushed = options.isGiven(FLUSH) && options.get(FLUSH).isPresent();
    if (given.isPresent() || !(flushed || isSpooled())) {
      return given;
    }
    if (options.isGiven(BUFFER_OR_OFF)) {
      throw options.contradiction(
          isSpooled() ? StandardOptions.SPOOL : FLUSH,
          BUFFER_OR_OFF,
          isSpooled()
              ? "what is in the log goes to the server from a buffer; leave one of the two out"
              : "without a buffer there is nothing to flush; leave one of the two out");
    }
    return Optional.of(StandardOptions.BUFFER.parse(null));
  }

  private void checkDurability() {
    if (isSpooled()
        && options.isGiven(DURABILITY)
        && options.get(DURABILITY) == Durability.BUFFERED) {
      throw options.contradiction(
          DURABILITY,
          StandardOptions.SPOOL,
          "a write is in the log when it returns; write written or synced, or leave one of the"
              + " two out");
    }
  }

  private boolean isSpooled() {
    return options.accepts(StandardOptions.SPOOL) && options.get(StandardOptions.SPOOL).isPresent();
  }

  /** The buffer's size; empty for none. */
  public Optional<Long> bytes() {
    return bytes;
  }

  /** What a write waits for in the engine; what the disk does then is the journal's business. */
  public Durability durability() {
    return isSpooled() ? Durability.WRITTEN : options.get(DURABILITY);
  }

  /** {@link OptionValues#settings}, as they hold together. */
  public SortedMap<String, String> settings() {
    SortedMap<String, String> settings = options.settings();
    settings.put(StandardOptions.BUFFER.name(), bufferText());
    if (isSpooled() && !options.isGiven(DURABILITY)) {
      settings.put(DURABILITY.name(), durabilityText());
    }
    return settings;
  }

  /** {@link OptionValues#describe}, as they hold together. */
  public List<OptionDescription> describe() {
    return options.describe().stream().map(this::holding).toList();
  }

  private OptionDescription holding(OptionDescription plain) {
    if (options.isGiven(BUFFER_OR_OFF) || !plain.name().equals(BUFFER_OR_OFF.name())) {
      return isSpooled() && !options.isGiven(DURABILITY) && plain.name().equals(DURABILITY.name())
          ? DURABILITY.describe(durabilityText())
          : plain;
    }
    return options.accepts(BUFFER_OR_OFF) ? BUFFER_OR_OFF.describe(bufferText()) : plain;
  }

  private String bufferText() {
    return BUFFER_OR_OFF.canonical(bytes.map(size -> size + "b").orElse("off")).orElseThrow();
  }

  private String durabilityText() {
    return DURABILITY.canonical("written").orElseThrow();
  }
}

package io.nadb.testkit.redis;

import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** What a test may need that a machine may not have. */
enum Requirement {
  REDIS,
  DOCKER;

  /** The property that names, separated by commas, what no test may be skipped for. */
  static final String PROPERTY = "nadb.test.require";

  private static final System.Logger LOG = System.getLogger(RedisServer.class.getName());
  private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

  /**
   * Ends a test that does not have it: as skipped or, if it is required, as failed.
   *
   * @return nothing, ever; so that callers can throw it
   */
  RuntimeException isMissing(Surroundings surroundings, String reason) {
    String required = surroundings.property(PROPERTY);
    if (required != null
        && Arrays.asList(COMMA.split(required.strip().toLowerCase(Locale.ROOT)))
            .contains(name().toLowerCase(Locale.ROOT))) {
      throw new AssertionError(reason + "\nThis is a failure because " + PROPERTY + "=" + required);
    }
    LOG.log(Level.WARNING, "Skipped: {0}", reason);
    try {
      return Assumptions.<RuntimeException>abort(reason);
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(reason, e); // Without JUnit nothing can be skipped.
    }
  }
}

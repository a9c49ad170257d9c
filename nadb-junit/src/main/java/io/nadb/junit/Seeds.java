package io.nadb.junit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.testkit.HarnessSettings;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The seeds of a run: each harness draws numbers of its own, and one number, the run's seed, tells
 * all of them.
 */
final class Seeds {
  private static final String PARAMETER = "nadb.test.seed";
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(Seeds.class);

  private Seeds() {}

  /** The settings of one harness of a test or a class, with its seed. */
  static HarnessSettings seeded(HarnessSettings settings, ExtensionContext context, String group) {
    if (settings.seed().isPresent() && !isGiven(context)) {
      long seed = settings.seed().getAsLong();
      return group.isEmpty() ? settings : settings.withSeed(mix(seed, hash("", group)));
    }
    return settings.withSeed(mix(ofRun(context), hash(place(context), group)));
  }

  /** How to say the run's seed on a command line; empty if the test's code says its own. */
  static String argument(HarnessSettings settings, ExtensionContext context) {
    return settings.seed().isPresent() && !isGiven(context)
        ? ""
        : " -D" + PARAMETER + "=" + ofRun(context);
  }

  private static boolean isGiven(ExtensionContext context) {
    return context.getConfigurationParameter(PARAMETER).isPresent();
  }

  private static long ofRun(ExtensionContext context) {
    return context
        .getConfigurationParameter(PARAMETER)
        .map(Seeds::parse)
        .orElseGet(
            () ->
                context
                    .getRoot()
                    .getStore(NAMESPACE)
                    .getOrComputeIfAbsent(
                        PARAMETER, key -> new SplittableRandom().nextLong(), Long.class));
  }

  private static long parse(String text) {
    try {
      return Long.parseLong(text.trim());
    } catch (NumberFormatException e) {
      throw new ExtensionConfigurationException(
          "configuration parameter " + PARAMETER + "=" + text + ": a whole number is needed", e);
    }
  }

  private static long mix(long seed, long hash) {
    return new SplittableRandom(seed ^ hash).nextLong();
  }

  /** What identifies a test or class, by whatever it is run. */
  static String place(ExtensionContext context) {
    String id = context.getUniqueId();
    return id.substring(Math.max(0, id.indexOf("/[class")));
  }

  static long hash(String place, String group) {
    return UUID.nameUUIDFromBytes((place + "|" + group).getBytes(UTF_8)).getMostSignificantBits();
  }
}

package io.nadb.jcache;

import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;

/** A cache's expiry policy. One that throws is logged, and changes nothing. */
final class Expiry {
  private static final System.Logger LOGGER = System.getLogger("io.nadb.jcache");

  private final String cache;
  private final ExpiryPolicy policy;

  Expiry(String cache, ExpiryPolicy policy) {
    this.cache = cache;
    this.policy = policy;
  }

  /** Whether no entry ever gets a TTL, so that nobody needs to be asked. */
  boolean isEternal() {
    return policy.getClass() == EternalExpiryPolicy.class;
  }

  /** The lifetime of a new entry, which has none that could be kept. */
  Lifetime created() {
    Lifetime lifetime = ask("creation", policy::getExpiryForCreation);
    return lifetime.kind() == Lifetime.Kind.KEPT ? Lifetime.FOREVER : lifetime;
  }

  /** The lifetime of an entry that was read. */
  Lifetime accessed() {
    return ask("access", policy::getExpiryForAccess);
  }

  /** The lifetime of an entry that gets another value. */
  Lifetime updated() {
    return ask("update", policy::getExpiryForUpdate);
  }

  private Lifetime ask(String what, Supplier<Duration> question) {
    try {
      return Lifetime.of(question.get());
    } catch (RuntimeException e) {
      LOGGER.log(
          Level.WARNING,
          "cache '%s': its expiry policy can't say the expiry for %s; no time is set"
              .formatted(cache, what),
          e);
      return Lifetime.KEPT;
    }
  }

  ExpiryPolicy policy() {
    return policy;
  }
}

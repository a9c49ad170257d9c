package io.nadb.samples.testing;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.junit.NadbStore;
import org.junit.jupiter.api.Test;

/** How do I test that an entry expires, and exactly when? */
class TtlBoundaryTest {
  @NadbStore("nadb:mem:")
  private KeyValueStore codes;

  @Test
  void aCodeIsGoodForThirtySecondsAndNotAMillisecondMore() {
    codes.set("otp:7", "4711".getBytes(UTF_8), SetOptions.ttl(ofSeconds(30)).withTags("auth"));

    assertThat(codes).key("otp:7").hasTags("auth").expiresExactlyAfter(ofSeconds(30));
    assertThat(codes).taggedWith("auth").isEmpty();
  }
}

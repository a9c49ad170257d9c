package io.nadb.samples.testing;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.KeyValueStore;
import io.nadb.junit.NadbStore;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;

/** How do I give all tests of my project the same kind of store? */
class CustomAnnotationTest {

  /** A store as the application configures it in production, except that it is in memory. */
  @NadbStore(
      value = "nadb:mem:?namespace=shop",
      with = {"buffer=1kb", "flush=2s"})
  @Target({ElementType.FIELD, ElementType.PARAMETER})
  @Retention(RetentionPolicy.RUNTIME)
  @interface ShopStore {}

  @Test
  void theAnnotationStandsForItsOptions(@ShopStore KeyValueStore shop) {
    shop.set("order:1", "apples".getBytes(UTF_8));

    assertThat(shop).hasSize(1);
    assertThat(shop).stats().returns(1024L, stats -> stats.bufferLimitBytes());
  }
}

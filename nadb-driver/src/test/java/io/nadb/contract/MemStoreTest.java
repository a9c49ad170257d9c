package io.nadb.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.testing.Bytes;
import org.junit.jupiter.api.Test;

/** {@code nadb:mem:} keeps the contract, and forgets all when the last handle is closed. */
class MemStoreTest extends StoreContract {

  MemStoreTest() {
    super("mem");
  }

  @Override
  public String url() {
    return "nadb:mem:test";
  }

  @Test
  void whatItHoldsIsGoneWithTheLastHandle() {
    try (var first = registry().open("nadb:mem:a")) {
      first.set("k", Bytes.utf8("v"));
      registry().open("nadb:mem:a").close();
      assertThat(first.contains("k")).isTrue();
    }
    try (var again = registry().open("nadb:mem:a")) {
      assertThat(again.keys("")).isEmpty();
    }
  }
}

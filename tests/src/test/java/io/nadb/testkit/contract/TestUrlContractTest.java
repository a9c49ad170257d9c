package io.nadb.testkit.contract;

import org.junit.jupiter.api.Nested;

/** A store behind a {@code nadb:test:} URL keeps the contract of the one that it stands for. */
class TestUrlContractTest {

  @Nested
  class BeforeFiles extends StoreContract {
    @Override
    protected String url() {
      return harness().testUrl("nadb:fs:{dir}?metadata=none");
    }
  }
}

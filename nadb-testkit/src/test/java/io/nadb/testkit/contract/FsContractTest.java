package io.nadb.testkit.contract;

/** {@code nadb:fs:} keeps the contract. */
class FsContractTest extends StoreContract {

  @Override
  protected String url() {
    return "nadb:fs:{dir}";
  }
}

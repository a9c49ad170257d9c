package io.nadb.testkit.contract;

import java.util.EnumSet;
import java.util.Set;

/** {@code nadb:mem:} keeps the contract, except that it keeps nothing when it is closed. */
class MemContractTest extends StoreContract {

  @Override
  protected String url() {
    return "nadb:mem:{dir}";
  }

  @Override
  protected Set<Capability> capabilities() {
    return EnumSet.of(Capability.TTL, Capability.TAGS, Capability.BUFFER);
  }
}

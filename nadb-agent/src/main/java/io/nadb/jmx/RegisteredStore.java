package io.nadb.jmx;

import javax.management.ObjectName;

/**
 * A store's MBean under the name that it was given; only this name is ever taken away for it.
 *
 * @param name what it is registered as
 * @param bean the MBean
 * @param source the driver's side of it
 * @param sync the MBean of its background thread
 */
record RegisteredStore(ObjectName name, StoreBean bean, Source source, SyncRegistration sync) {

  /** The MBean of a background thread under the name that it was given. */
  record SyncRegistration(ObjectName name, SyncBean bean) {}
}

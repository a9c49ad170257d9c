/**
 * What every store must do, whatever its backend: extend {@link
 * io.nadb.testkit.contract.StoreContract} to find out whether yours does.
 */
@NullMarked
package io.nadb.testkit.contract;

import org.jspecify.annotations.NullMarked;

/** What every backend's store must do, tested through the public API. */
@NullMarked
package io.nadb.contract;

import org.jspecify.annotations.NullMarked;

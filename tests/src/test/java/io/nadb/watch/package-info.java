/** What those who watch a store from outside are told. */
@NullMarked
package io.nadb.watch;

import org.jspecify.annotations.NullMarked;

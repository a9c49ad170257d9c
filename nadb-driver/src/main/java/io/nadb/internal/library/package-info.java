/** What libraries with native code have in common. */
@NullMarked
package io.nadb.internal.library;

import org.jspecify.annotations.NullMarked;

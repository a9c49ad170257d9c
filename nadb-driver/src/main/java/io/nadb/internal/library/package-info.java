/** What the JVM has to load: libraries with native code, and classes that must not come late. */
@NullMarked
package io.nadb.internal.library;

import org.jspecify.annotations.NullMarked;

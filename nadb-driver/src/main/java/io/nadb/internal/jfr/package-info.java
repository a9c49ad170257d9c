/** What NADB tells the JDK's flight recorder; nothing is loaded while nobody records. */
@NullMarked
package io.nadb.internal.jfr;

import org.jspecify.annotations.NullMarked;

/** An application that is watched: what runs in the other JVM, where it sees NADB and no test. */
@NullMarked
package io.nadb.application;

import org.jspecify.annotations.NullMarked;

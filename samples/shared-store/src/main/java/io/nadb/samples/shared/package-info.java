/** An application that runs alone on files and, with another URL, on a Redis that JVMs share. */
@NullMarked
package io.nadb.samples.shared;

import org.jspecify.annotations.NullMarked;

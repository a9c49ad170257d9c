/** NADB's own drivers, each of which puts one backend together, and how drivers are found. */
@NullMarked
package io.nadb.internal.driver;

import org.jspecify.annotations.NullMarked;

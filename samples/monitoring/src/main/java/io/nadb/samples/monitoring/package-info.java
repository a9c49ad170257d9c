/** How a service that uses NADB is watched, without a line of code for it. */
@NullMarked
package io.nadb.samples.monitoring;

import org.jspecify.annotations.NullMarked;

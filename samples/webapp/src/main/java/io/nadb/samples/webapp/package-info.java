/** A small web application that keeps its sessions in NADB. */
@NullMarked
package io.nadb.samples.webapp;

import org.jspecify.annotations.NullMarked;

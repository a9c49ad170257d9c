/** The MBeans of open stores: what they show, how they are named, and when they are there. */
@NullMarked
package io.nadb.jmx;

import org.jspecify.annotations.NullMarked;

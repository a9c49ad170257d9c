/** The agent: puts its advice into the driver's watch points, and hands on what they tell. */
@NullMarked
package io.nadb.agent;

import org.jspecify.annotations.NullMarked;

/**
 * The commands of the agent's jar: looks at stores in other JVMs, with an agent there or without.
 */
@NullMarked
package io.nadb.agent.terminal;

import org.jspecify.annotations.NullMarked;

/**
 * Spring Session on a store: {@link io.nadb.spring.session.NadbIndexedSessionRepository}, whose
 * sessions do not come back after logout, and lose no attribute when two requests meet.
 */
@NullMarked
package io.nadb.spring.session;

import org.jspecify.annotations.NullMarked;

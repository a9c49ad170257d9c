/**
 * Spring Boot applications in tests, as they are, but on virtual time and with faults and crashes:
 * {@link io.nadb.spring.boot.test.AutoConfigureTestNadb}.
 */
@NullMarked
package io.nadb.spring.boot.test;

import org.jspecify.annotations.NullMarked;

/**
 * Spring Boot's auto-configuration of stores, caches and sessions, from properties {@code nadb.*}.
 */
@NullMarked
package io.nadb.spring.boot;

import org.jspecify.annotations.NullMarked;

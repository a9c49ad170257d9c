/** A shop in Spring Boot: cache with tags, sessions, carts in transactions, metrics. */
@NullMarked
package io.nadb.samples.shop;

import org.jspecify.annotations.NullMarked;

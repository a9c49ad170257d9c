package io.nadb.spring.cache;

import java.io.Serializable;

/** What the tests keep. */
record Book(String isbn, String author) implements Serializable {}

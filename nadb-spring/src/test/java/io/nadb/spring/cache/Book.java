package io.nadb.spring.cache;

/** What the tests keep. */
record Book(String isbn, String author) {}

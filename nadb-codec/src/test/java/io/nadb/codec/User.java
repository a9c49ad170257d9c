package io.nadb.codec;

/** What the tests keep. */
record User(String name, int age) {}

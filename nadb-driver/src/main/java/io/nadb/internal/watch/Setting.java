package io.nadb.internal.watch;

/**
 * An option of an open store.
 *
 * @param name the option
 * @param value the value that holds, a credential masked; empty if there is none
 * @param source where the value comes from: {@code url}, {@code map}, {@code environment} or {@code
 *     default}
 * @param description what the option does
 */
public record Setting(String name, String value, String source, String description) {}

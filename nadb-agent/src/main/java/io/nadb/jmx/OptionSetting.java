package io.nadb.jmx;

/**
 * An option of an open store.
 *
 * @param name the option
 * @param value the value that holds, a credential masked; empty if there is none
 * @param source where it comes from: {@code url}, {@code map}, {@code environment}, {@code default}
 * @param description what the option does
 * @since 0.1.0
 */
public record OptionSetting(String name, String value, String source, String description) {}

package io.nadb;

import java.util.Optional;

/**
 * An option that a URL may carry.
 *
 * @param name the name, in lower case with hyphens
 * @param type what a value looks like, for example {@code size (64kb, 1mb)}
 * @param defaultValue the value that holds when the option is not given; empty if there is none
 * @param value the value that holds for the URL that was described, a credential masked; empty if
 *     there is none
 * @param description what the option does, one sentence
 */
public record OptionDescription(
    String name,
    String type,
    Optional<String> defaultValue,
    Optional<String> value,
    String description) {}

package io.nadb;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An option that a URL may carry.
 *
 * <p>Immutable, and equal to others that say the same. Later versions may say more.
 *
 * @since 0.1.0
 */
public final class OptionDescription {
  private final Builder of;

  private OptionDescription(Builder of) {
    this.of = of;
  }

  /** Begins a description of empty texts, without values. */
  public static Builder builder() {
    return new Builder();
  }

  /** The name, in lower case with hyphens. */
  public String name() {
    return of.name;
  }

  /** What a value looks like, for example {@code size (64kb, 1mb)}. */
  public String type() {
    return of.type;
  }

  /** The value that holds when the option is not given; empty if there is none. */
  public Optional<String> defaultValue() {
    return of.defaultValue;
  }

  /**
   * The value that holds for the URL that was described, a credential masked; empty if there is
   * none.
   */
  public Optional<String> value() {
    return of.value;
  }

  /** What the option does, one sentence. */
  public String description() {
    return of.description;
  }

  /** Returns all by the names of its methods, as those return it. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", of.name);
    map.put("type", of.type);
    map.put("defaultValue", of.defaultValue);
    map.put("value", of.value);
    map.put("description", of.description);
    return map;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OptionDescription same && asMap().equals(same.asMap());
  }

  @Override
  public int hashCode() {
    return asMap().hashCode();
  }

  @Override
  public String toString() {
    return "OptionDescription" + asMap();
  }

  /** Puts a {@link OptionDescription} together, each part by its name there. Not thread-safe. */
  public static final class Builder implements Cloneable {
    private String name = "";
    private String type = "";
    private Optional<String> defaultValue = Optional.empty();
    private Optional<String> value = Optional.empty();
    private String description = "";

    private Builder() {}

    public Builder name(String name) {
      this.name = Objects.requireNonNull(name, "name");
      return this;
    }

    public Builder type(String type) {
      this.type = Objects.requireNonNull(type, "type");
      return this;
    }

    public Builder defaultValue(Optional<String> defaultValue) {
      this.defaultValue = Objects.requireNonNull(defaultValue, "defaultValue");
      return this;
    }

    public Builder value(Optional<String> value) {
      this.value = Objects.requireNonNull(value, "value");
      return this;
    }

    public Builder description(String description) {
      this.description = Objects.requireNonNull(description, "description");
      return this;
    }

    /** Returns what has been put together; what is set afterwards does not change it. */
    public OptionDescription build() {
      return new OptionDescription(clone());
    }

    @Override
    protected Builder clone() {
      try {
        return (Builder) super.clone();
      } catch (CloneNotSupportedException e) {
        throw new AssertionError(e); // It is supported.
      }
    }
  }
}

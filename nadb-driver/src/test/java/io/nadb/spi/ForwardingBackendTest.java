package io.nadb.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the base of all wrappers passes on. */
class ForwardingBackendTest {

  /** A call of a backend. */
  private record Call(Method method, List<@Nullable Object> arguments) {}

  static Stream<Method> everyMethod() {
    return Arrays.stream(StorageBackend.class.getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()));
  }

  @ParameterizedTest
  @MethodSource("everyMethod")
  void everyMethodOfABackendIsPassedOnWithItsArgumentsAndItsResult(Method method) throws Exception {
    List<Call> calls = new ArrayList<>();
    Object result = something(method.getReturnType());
    ForwardingBackend forwarding =
        new ForwardingBackend(
            implementing(
                StorageBackend.class,
                (proxy, called, arguments) -> {
                  calls.add(new Call(called, listOf(arguments)));
                  return result;
                })) {};
    @Nullable Object[] arguments =
        Arrays.stream(method.getParameterTypes()).map(ForwardingBackendTest::something).toArray();

    assertThat(method.invoke(forwarding, arguments)).isEqualTo(result);
    assertThat(calls).containsExactly(new Call(method, listOf(arguments)));
  }

  /** A wrapper that is no DirectBackend would have a store buffer what must go out at once. */
  @Test
  void aDirectBackendIsWrappedOnlyByAnother() {
    DirectBackend direct = implementing(DirectBackend.class, (proxy, called, arguments) -> null);

    assertThatThrownBy(() -> new ForwardingBackend(direct) {})
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stands before a DirectBackend")
        .hasMessageContaining("it must implement DirectBackend, too");
  }

  private static List<@Nullable Object> listOf(@Nullable Object @Nullable [] arguments) {
    return arguments == null ? List.of() : Arrays.asList(arguments);
  }

  /** A value that no default would be; null where there is only one or none to be had. */
  private static @Nullable Object something(Class<?> type) {
    if (type == boolean.class) {
      return true;
    } else if (type == int.class) {
      return 7;
    } else if (type == long.class) {
      return 7L;
    } else if (type == String.class) {
      return new String("text"); // No other is the same.
    } else if (type == byte[].class) {
      return new byte[] {7};
    } else if (type == OptionalLong.class) {
      return OptionalLong.of(7);
    } else if (type.isEnum()) {
      Object[] constants = type.getEnumConstants();
      return constants[constants.length - 1];
    } else if (type.isInterface()) {
      return implementing(
          type,
          (proxy, called, arguments) ->
              switch (called.getName()) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> type.getSimpleName();
              });
    }
    return null;
  }

  private static <T> T implementing(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}

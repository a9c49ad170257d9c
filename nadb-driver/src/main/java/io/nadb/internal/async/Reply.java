package io.nadb.internal.async;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where somebody is told, once, what has come of a call. */
public interface Reply<T extends @Nullable Object> {

  /** It was answered. */
  void answered(T answer);

  /** It failed. */
  void failed(Throwable failure);

  /** Is told by an answer of another kind, which a function makes into one of this. */
  default <S extends @Nullable Object> Reply<S> after(Function<? super S, ? extends T> function) {
    Reply<T> to = this;
    return new Reply<>() {
      @Override
      public void answered(S answer) {
        T made;
        try {
          made = function.apply(answer);
        } catch (RuntimeException e) {
          to.failed(e);
          return;
        }
        to.answered(made);
      }

      @Override
      public void failed(Throwable failure) {
        to.failed(failure);
      }
    };
  }
}

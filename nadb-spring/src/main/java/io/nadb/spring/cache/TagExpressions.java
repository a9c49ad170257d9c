package io.nadb.spring.cache;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.context.expression.AnnotatedElementKey;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.context.expression.CachedExpressionEvaluator;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.Expression;

/** Evaluates the expressions of {@link CacheTags}, in the terms of Spring's own annotations. */
final class TagExpressions extends CachedExpressionEvaluator {
  private static final String RESULT = "result";
  private static final Pattern BY_NUMBER = Pattern.compile("[ap]\\d+");

  private final Map<ExpressionKey, Expression> parsed = new ConcurrentHashMap<>();
  private volatile @Nullable BeanFactory beans;

  /** What {@code #root} is, with what it is in Spring's own annotations, as SpEL asks for it. */
  static final class Root {
    private final CacheOperationInvocationContext<?> invocation;
    private final Collection<? extends Cache> caches;

    Root(CacheOperationInvocationContext<?> invocation, Collection<? extends Cache> caches) {
      this.invocation = invocation;
      this.caches = caches;
    }

    /** The method that was called. */
    public Method getMethod() {
      return invocation.getMethod();
    }

    /** The name of the method. */
    public String getMethodName() {
      return getMethod().getName();
    }

    /** What it was called on. */
    public Object getTarget() {
      return invocation.getTarget();
    }

    /** The class of that. */
    public Class<?> getTargetClass() {
      return AopUtils.getTargetClass(getTarget());
    }

    /** The arguments. */
    public @Nullable Object[] getArgs() {
      return invocation.getArgs();
    }

    /** The caches of the operation. */
    public Collection<? extends Cache> getCaches() {
      return caches;
    }
  }

  /** The variables of an expression, of which one that nobody knows is an error, and not null. */
  private static final class Arguments extends MethodBasedEvaluationContext {
    private final Method method;
    private final Set<String> names;

    Arguments(Root root, Method method, ParameterNameDiscoverer discoverer) {
      super(root, method, root.getArgs(), discoverer);
      this.method = method;
      String[] found = discoverer.getParameterNames(method);
      this.names = found == null ? Set.of() : Set.of(found);
    }

    @Override
    public @Nullable Object lookupVariable(String name) {
      Object value = super.lookupVariable(name);
      if (value == null
          && !name.equals(RESULT)
          && !names.contains(name)
          && !BY_NUMBER.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "@CacheTags on "
                + method
                + ": there is no argument #"
                + name
                + (names.isEmpty()
                    ? "; names are known to classes that are compiled with -parameters, else write"
                        + " #a0, #a1"
                    : "; there are " + names));
      }
      return value;
    }
  }

  void use(BeanFactory factory) {
    beans = factory;
  }

  /** The method of the target's own class, which may have annotations that an interface has not. */
  static Method specific(CacheOperationInvocationContext<?> invocation) {
    return AopUtils.getMostSpecificMethod(
        invocation.getMethod(), AopUtils.getTargetClass(invocation.getTarget()));
  }

  /**
   * Returns the tags of a value.
   *
   * @throws IllegalArgumentException if an expression makes something else than tags
   */
  List<String> evaluate(
      CacheTags tags,
      CacheOperationInvocationContext<?> invocation,
      Collection<? extends Cache> caches,
      @Nullable Object value) {
    Method method = specific(invocation);
    Root root = new Root(invocation, caches);
    Arguments context = new Arguments(root, method, getParameterNameDiscoverer());
    context.setVariable(RESULT, value);
    BeanFactory factory = beans;
    if (factory != null) {
      context.setBeanResolver(new BeanFactoryResolver(factory));
    }
    AnnotatedElementKey place = new AnnotatedElementKey(method, root.getTargetClass());
    List<String> all = new ArrayList<>();
    for (String text : tags.value()) {
      add(all, getExpression(parsed, place, text).getValue(context), text, method);
    }
    return all;
  }

  private static void add(List<String> all, @Nullable Object tag, String text, Method method) {
    if (tag instanceof CharSequence one) {
      all.add(one.toString());
    } else if (tag instanceof Collection<?> several) {
      several.forEach(each -> add(all, each, text, method));
    } else if (tag instanceof Object[] several) {
      Arrays.asList(several).forEach(each -> add(all, each, text, method));
    } else if (tag != null) {
      throw new IllegalArgumentException(
          "@CacheTags on "
              + method
              + ": "
              + text
              + " is a "
              + tag.getClass().getName()
              + "; a tag is text, or there are several in a collection or an array: make text of"
              + " it, as by '' + …");
    }
  }
}

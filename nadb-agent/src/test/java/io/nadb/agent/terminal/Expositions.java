package io.nadb.agent.terminal;

import io.nadb.jmx.StoreMXBean;
import io.nadb.jmx.SyncMXBean;
import java.lang.reflect.Method;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An exposition with all that the MBeans know. */
final class Expositions {

  private Expositions() {}

  static String full() {
    Map<String, Object> figures = numbers(StoreMXBean.class);
    figures.put("State", "HEALTHY");
    StoreView store = new StoreView("shop#2", figures, new Percentiles(2, 1.5, 1, 2, 2, 2, 2));
    return Exposition.prometheus(List.of(store), Map.of("1", numbers(SyncMXBean.class)));
  }

  private static Map<String, Object> numbers(Class<?> bean) {
    Map<String, Object> numbers = new HashMap<>();
    for (Method method : bean.getMethods()) {
      Class<?> type = method.getReturnType();
      if (method.getName().startsWith("get")
          && (type == long.class || type == int.class || type == Date.class)) {
        numbers.put(method.getName().substring(3), 1L);
      }
    }
    return numbers;
  }
}

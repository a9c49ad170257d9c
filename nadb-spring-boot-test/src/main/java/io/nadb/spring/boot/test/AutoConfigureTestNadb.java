package io.nadb.spring.boot.test;

import io.nadb.spring.boot.NadbAutoConfiguration;
import io.nadb.testkit.Check;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Puts the stores of a Spring Boot application into a {@link io.nadb.testkit.NadbHarness} of its
 * context: the application as it is, on time that only the test moves, with faults and crashes.
 *
 * <pre>{@code
 * @SpringBootTest
 * @AutoConfigureTestNadb
 * class CartTest {
 *   @Autowired Carts carts;
 *   @Autowired NadbHarness harness;
 *   @Autowired VirtualTime time;
 *
 *   @Test
 *   void aCartSurvivesAPowerCutOnceItIsFlushed() {
 *     carts.add("ada", "apple");
 *     time.advance(ofSeconds(5));
 *     harness.crash(Crash.POWER_CUT);
 *     harness.reopen();
 *     assertThat(carts.of("ada")).containsExactly("apple");
 *   }
 * }
 * }</pre>
 *
 * <p>Besides the two, {@link io.nadb.testkit.Faults} and {@link io.nadb.testkit.Ledger} are beans.
 * All that {@code nadb.url} and {@code nadb.stores} name is opened in the harness, a path in a URL
 * being one in its directory; so is what the application opens through the bean {@link
 * io.nadb.StoreRegistry}. After {@code reopen()}, the beans of the application go on with the
 * reopened stores: caches, sessions, and listeners to removals too.
 *
 * <p>The harness lives as long as the context, which Spring keeps for all test classes of the same
 * configuration: so time goes on, and the next test finds what the last one has stored. What a test
 * has done to the machine ends with it: faults are healed, and a process that it left crashed or
 * stopped is started again. A fault that never fired fails the test that planned it. What the
 * application leaves open when its context is closed is logged then.
 *
 * @since 0.1.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration(NadbAutoConfiguration.class)
public @interface AutoConfigureTestNadb {

  /**
   * The URL of the bean {@code nadbStore}, in place of the application's {@code nadb.url}; empty
   * for that. For applications on a server that tests are not to have: {@code nadb:fs:./data}.
   */
  String url() default "";

  /** What fails no test, and is not logged. */
  Check[] lenient() default {};
}

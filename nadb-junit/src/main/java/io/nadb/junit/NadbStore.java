package io.nadb.junit;

import io.nadb.testkit.Check;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Injects a store of the test's own, on virtual time.
 *
 * <pre>{@code
 * class CartTest {
 *   @NadbStore(with = "flush=5s") KeyValueStore cart;
 *
 *   @Test
 *   void isFlushedAtTheTick(VirtualTime time) {
 *     cart.set("k", value);
 *     time.advance(ofSeconds(5));
 *     assertThat(cart).hasPersisted("k");
 *   }
 * }
 * }</pre>
 *
 * <p>It may stand on fields, on parameters of constructors, lifecycle methods and tests, on
 * components of records and on annotations of the user's own. A field may be final only if the
 * constructor sets it to what it gets for a parameter with this annotation. An instance field or a
 * parameter of a test, a {@code @BeforeEach} or {@code @AfterEach} method or a constructor belongs
 * to one test: no other test sees its directory, thread, clock or faults. A static field, a
 * parameter of a {@code @BeforeAll} or {@code @AfterAll} method, or one of the constructor of a
 * {@code PER_CLASS} class, belongs to the class.
 *
 * <p>Besides {@link io.nadb.KeyValueStore}, the type may be {@link io.nadb.testkit.VirtualTime},
 * {@link io.nadb.testkit.Faults}, {@link io.nadb.testkit.NadbHarness} or {@link
 * io.nadb.testkit.Ledger}; on parameters, these need no annotation. All declarations of one test
 * with the same {@link #group} share one of each.
 *
 * @since 0.1.0
 */
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@ExtendWith(NadbExtension.class)
public @interface NadbStore {

  /**
   * The URL; empty for the configuration parameter {@code nadb.test.url}, and without one for
   * {@code nadb:fs:}. A path that is left out, or <code>{dir}</code> in it, stands for a place of
   * the store's own; any other path, relative or absolute, is one in the test's directory.
   */
  String value() default "";

  /** Options such as {@code flush=5s}, which override those of the URL. */
  String[] with() default {};

  /** Declarations of one test with the same name are the same store; empty for one of its own. */
  String name() default "";

  /**
   * Stores of one test with the same word here share a background thread, a clock, faults and a
   * process that can crash.
   */
  String group() default "";

  /**
   * When the directory is kept, with a ledger of events in virtual time, the seed and a thread
   * dump: in {@code target/nadb-kept} or {@code build/nadb-kept}, or where the configuration
   * parameter {@code nadb.test.kept} says. The failure tells where; the next run of the test
   * replaces it.
   */
  Keep keep() default Keep.ON_FAILURE;

  /** What does not fail the test, whichever of its stores says so. */
  Check[] lenient() default {};
}

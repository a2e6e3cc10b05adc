package io.contextdb.tck;

import io.contextdb.spi.capability.Capability;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names what a backend must declare, or a test, or all of a class, is skipped; the report says so. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Needs {
    /** Returns the capabilities. */
    Capability[] value() default {};

    /** Returns whether whole batches must be applied all or nothing. */
    boolean batches() default false;

    /** Returns whether operation ids must be remembered. */
    boolean operationIds() default false;

    /** Returns whether the store must have a network address, {@link ContextDbKit#network}. */
    boolean network() default false;

    /** Returns whether the store must be able to copy the vectors of another ({@link io.contextdb.spi.Backend#projection}). */
    boolean projection() default false;
}

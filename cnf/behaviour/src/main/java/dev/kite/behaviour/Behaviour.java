package dev.kite.behaviour;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The promise that a test holds, in the wording of the issue, of PARITY or of the conformance list. docs/behaviours.md is written from these. */
@Documented
@Repeatable(Behaviour.All.class)
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Behaviour {
    /** @return the promise */
    String value();

    /** Several promises of one test. */
    @Documented
    @Target({ElementType.METHOD, ElementType.TYPE})
    @Retention(RetentionPolicy.RUNTIME)
    @interface All {
        /** @return the promises */
        Behaviour[] value();
    }
}

package io.contextdb.tck.differential;

import java.util.List;
import java.util.Optional;

/** What a script does in one step. The answer holds nothing that stores may choose freely, so that equal ones are equal. */
interface Action {
    /** Does it and returns the answer. */
    Object run(Side side);

    /** Returns the Java statement that does it, in a script that has come as far as the side has. */
    String java(Side side);

    /** Returns how an answer differs from that of the reference; empty if it does not. */
    default Optional<String> difference(Object expected, Object actual) {
        return expected.equals(actual)
                ? Optional.empty()
                : Optional.of("expected " + expected + "\n     was " + actual);
    }

    /** Returns smaller actions that may show the same, for shrinking. */
    default List<Action> smaller() {
        return List.of();
    }
}

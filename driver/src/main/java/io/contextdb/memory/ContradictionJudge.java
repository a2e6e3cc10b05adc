package io.contextdb.memory;

import java.util.OptionalDouble;

/** Decides whether two statements contradict each other (contract M3): a rule, a model, a person. Thread-safe. */
@FunctionalInterface
public interface ContradictionJudge {
    /**
     * Returns how strongly a new statement contradicts a known one, in (0, 1]; empty if it does not.
     *
     * @param statement the new statement
     * @param known the known one, similar to it and with a label in common
     */
    OptionalDouble contradiction(String statement, String known);
}

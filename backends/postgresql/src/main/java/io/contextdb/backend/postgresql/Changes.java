package io.contextdb.backend.postgresql;

import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import java.util.List;

/**
 * Changes of one model within a transaction that holds the namespace's row: everything that the mutations name is loaded by
 * one statement or two, the mutations are applied in memory, in order, and what came of them is written by few statements
 * with arrays. Not thread-safe.
 */
interface Changes<M extends Mutation> {
    /** Adds the statements that load what mutations name. */
    void load(Script script, int namespace, List<M> mutations);

    /** Applies a mutation in memory. */
    MutationResult apply(M mutation, Step step);

    /** Keeps what the present batch did. */
    void keep();

    /** Takes back what the present batch did. */
    void undo();

    /** Adds the statements that write what was kept. */
    void flush(Script script, int namespace);
}

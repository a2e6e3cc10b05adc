package io.contextdb.tck.differential;

import io.contextdb.spi.write.Mutation;
import java.util.List;

/** Makes random writes and reads of one model; few entities, so that they meet. */
interface Model {
    /** Returns what a script begins with, so that the rest finds something. */
    List<Symbol<Mutation>> opening();

    /** Returns a random change. */
    Symbol<Mutation> mutation();

    /** Returns a random read. */
    Action read();
}

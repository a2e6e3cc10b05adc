package io.contextdb.memory;

/** A way by which retrieval finds candidates (contract M4). */
public enum Leg {
    /** Nearest vectors. */
    VECTOR,
    /** Best matching words. */
    TEXT,
    /** A walk over the graph, from the best hits of the others and from given seeds. */
    WALK
}

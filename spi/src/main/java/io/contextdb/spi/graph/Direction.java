package io.contextdb.spi.graph;

/** Which way edges are followed. */
public enum Direction {
    /** From an edge's start to its end. */
    OUTGOING,
    /** From an edge's end to its start. */
    INCOMING,
    /** Both ways. */
    BOTH
}

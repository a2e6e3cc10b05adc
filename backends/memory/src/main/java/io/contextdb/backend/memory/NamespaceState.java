package io.contextdb.backend.memory;

import java.time.Instant;

/** One immutable state of a namespace, as of its last commit. */
record NamespaceState(long commit, Instant committedAt, GraphState graph) {
    static final NamespaceState EMPTY = new NamespaceState(0, Instant.EPOCH, GraphState.EMPTY);
}

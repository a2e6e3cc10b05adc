package io.contextdb.backend.memory;

import java.time.Instant;

/** One immutable state of a namespace, as of its last commit. */
record NamespaceState(
        long commit,
        Instant committedAt,
        GraphState graph,
        VectorState vectors,
        KeyState keys,
        EventState events,
        DocumentState documents) {
    static final NamespaceState EMPTY = new NamespaceState(
            0,
            Instant.EPOCH,
            GraphState.EMPTY,
            VectorState.EMPTY,
            KeyState.EMPTY,
            EventState.EMPTY,
            DocumentState.EMPTY);
}

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

    /**
     * Returns what outlives a drop: versions that were given, and the ids of erased nodes until an instant, so that nothing that was
     * on its way is taken for new (contract G8, N6). It is not listed, and nothing of it is read.
     */
    NamespaceState dropped(Instant until) {
        return new NamespaceState(
                0,
                Instant.EPOCH,
                graph.dropped(until),
                VectorState.EMPTY,
                keys.dropped(),
                EventState.EMPTY,
                documents.dropped());
    }
}

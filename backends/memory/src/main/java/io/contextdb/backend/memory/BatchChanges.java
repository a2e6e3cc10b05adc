package io.contextdb.backend.memory;

import io.contextdb.spi.journal.PointChange;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.VectorMutation;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Changes of all models within one batch: later mutations see earlier ones, readers see nothing until they are published. */
final class BatchChanges {
    private final GraphChanges graph;
    private final VectorChanges vectors;
    private final KeyChanges keys;
    private final EventChanges events;
    private final DocumentChanges documents;

    BatchChanges(NamespaceState before) {
        graph = new GraphChanges(before.graph());
        vectors = new VectorChanges(before.vectors());
        keys = new KeyChanges(before.keys());
        events = new EventChanges(before.events());
        documents = new DocumentChanges(before.documents());
    }

    MutationResult apply(Mutation mutation, Step step) {
        if (mutation instanceof GraphMutation.Erase erase) {
            erase.ids().forEach(this::eraseBelongings);
        }
        return switch (mutation) {
            case GraphMutation change -> graph.apply(change, step);
            case VectorMutation change -> vectors.apply(change, step);
            case KeyMutation change -> keys.apply(change, step);
            case EventMutation change -> events.apply(change, step);
            case DocumentMutation change -> documents.apply(change, step);
        };
    }

    /** What belongs to a node goes with it, in every model (contract N6). */
    private void eraseBelongings(UUID node) {
        vectors.erase(node);
        keys.erase(node.toString());
        events.erase(node.toString());
        documents.erase(node.toString());
    }

    /** Returns the points that were put or deleted. */
    List<PointChange> changedPoints() {
        return vectors.changed();
    }

    NamespaceState state(long commit, Instant time, long millis) {
        keys.sweep(millis);
        graph.sweep(time);
        return new NamespaceState(
                commit, time, graph.state(), vectors.state(), keys.state(), events.state(), documents.state());
    }
}

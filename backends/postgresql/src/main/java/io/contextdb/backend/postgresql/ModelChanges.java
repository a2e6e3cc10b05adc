package io.contextdb.backend.postgresql;

import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.VectorMutation;
import java.util.List;

/** Changes of all models within a transaction. Not thread-safe. */
final class ModelChanges {
    private final GraphChanges graph = new GraphChanges();
    private final PointChanges points = new PointChanges();
    private final KeyChanges keys = new KeyChanges();
    private final EventChanges events = new EventChanges();
    private final DocumentChanges documents = new DocumentChanges();
    private final List<Changes<?>> all = List.of(graph, points, keys, events, documents);

    void floors(long keyFloor, long documentFloor) {
        keys.floor(keyFloor);
        documents.floor(documentFloor);
    }

    void load(Script script, int namespace, List<Mutation> mutations) {
        graph.load(script, namespace, only(GraphMutation.class, mutations));
        points.load(script, namespace, only(VectorMutation.class, mutations));
        keys.load(script, namespace, only(KeyMutation.class, mutations));
        events.load(script, namespace, only(EventMutation.class, mutations));
        documents.load(script, namespace, only(DocumentMutation.class, mutations));
    }

    private static <T> List<T> only(Class<T> type, List<Mutation> mutations) {
        return mutations.stream().filter(type::isInstance).map(type::cast).toList();
    }

    MutationResult apply(Mutation mutation, Step step) {
        return switch (mutation) {
            case GraphMutation change -> graph.apply(change, step);
            case VectorMutation change -> points.apply(change, step);
            case KeyMutation change -> keys.apply(change, step);
            case EventMutation change -> events.apply(change, step);
            case DocumentMutation change -> documents.apply(change, step);
        };
    }

    boolean hasEvents() {
        return !events.isEmpty();
    }

    void keep() {
        all.forEach(Changes::keep);
    }

    void undo() {
        all.forEach(Changes::undo);
    }

    void flush(Script script, int namespace) {
        all.forEach(changes -> changes.flush(script, namespace));
    }
}

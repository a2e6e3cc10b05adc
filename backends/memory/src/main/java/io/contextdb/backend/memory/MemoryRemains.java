package io.contextdb.backend.memory;

import io.contextdb.spi.Remains;
import io.contextdb.spi.Remains.Kind;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.Payload;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Counts what a snapshot still has of erased nodes (contract N6a): it looks through all of it, so that no index is believed. */
record MemoryRemains(NamespaceState state, Set<UUID> ids, Set<String> subjects) {
    static Remains of(NamespaceState state, Collection<UUID> asked) {
        Set<String> subjects = new HashSet<>();
        asked.forEach(id -> subjects.add(id.toString()));
        MemoryRemains looking = new MemoryRemains(state, Set.copyOf(asked), subjects);
        Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        counts.put(Kind.NODES, looking.nodes());
        counts.put(Kind.EDGES, looking.edges());
        counts.put(Kind.POINTS, looking.points());
        counts.put(Kind.KEYS, looking.keys());
        counts.put(Kind.EVENTS, looking.withPayload(state.events().log().values().stream()));
        counts.put(Kind.DEAD_LETTERS, looking.deadLetters());
        counts.put(Kind.DOCUMENTS, looking.documents());
        return new Remains(counts);
    }

    private long nodes() {
        return ids.stream().filter(state.graph().nodes()::containsKey).count();
    }

    private long edges() {
        return state.graph().edges().values().stream()
                .map(Chain::current)
                .filter(edge -> ids.contains(edge.from()) || ids.contains(edge.to()))
                .count();
    }

    private long points() {
        return state.vectors().spaces().values().stream()
                .flatMap(space -> space.points().values().stream())
                .map(StoredPoint::point)
                .filter(point -> ids.contains(point.id()) || subjects.contains(point.subject()))
                .count();
    }

    private long keys() {
        return state.keys().entries().values().stream()
                .filter(entry -> subjects.contains(entry.subject()))
                .count();
    }

    private long deadLetters() {
        return withPayload(state.events().groups().values().stream()
                .flatMap(group -> group.dead().values().stream())
                .map(letter -> letter.event()));
    }

    private long withPayload(Stream<Event> events) {
        return events.filter(event -> subjects.contains(event.subject()))
                .filter(event -> !(event.payload() instanceof Payload.Erased))
                .count();
    }

    private long documents() {
        return state.documents().collections().values().stream()
                .flatMap(collection -> collection.values().stream())
                .filter(document -> subjects.contains(document.subject()))
                .count();
    }
}

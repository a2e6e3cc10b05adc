package io.contextdb.memory;

import io.contextdb.Batch;
import io.contextdb.Namespace;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** One retraction, with what hangs on it by {@value Relation#DERIVED_FROM} (contract M7a). Not thread-safe. */
final class Retraction {
    static final String EVENT = "memory.retracted";

    /** What a memory keeps of its confidence when part of its support is gone. */
    private static final double LOWERED = 0.7;

    private final Namespace namespace;
    private final MemorySettings settings;
    private final Instant now;
    private final Map<UUID, Node> retracted = new LinkedHashMap<>();
    private final Map<UUID, Node> lowered = new LinkedHashMap<>();

    Retraction(Namespace namespace, MemorySettings settings, Instant now) {
        this.namespace = namespace;
        this.settings = settings;
        this.now = now;
    }

    RetractionReport run(UUID id, String reason, Cascade cascade) {
        Node first = namespace.graph().get(List.of(id), AsOf.now()).stream()
                .findFirst()
                .orElseThrow(() -> new InvalidRequestException(
                        ErrorCode.NOT_FOUND, "memory.id", id + " does not exist, or is not valid now"));
        retracted.put(id, first);
        if (cascade != Cascade.NONE) {
            spread(Set.of(id));
        }
        if (cascade != Cascade.DRY_RUN) {
            apply(id, reason);
        }
        return new RetractionReport(
                List.copyOf(retracted.keySet()), List.copyOf(lowered.keySet()), cascade != Cascade.DRY_RUN);
    }

    /** Goes from what fell to what was derived from it, level by level. */
    private void spread(Set<UUID> fallen) {
        Set<UUID> next = fallen;
        while (!next.isEmpty()) {
            Set<UUID> dependents = new LinkedHashSet<>();
            edges(next, Direction.INCOMING).forEach(edge -> dependents.add(edge.from()));
            dependents.removeAll(retracted.keySet());
            Map<UUID, Set<UUID>> support = new HashMap<>();
            for (Edge edge : edges(dependents, Direction.OUTGOING)) {
                support.computeIfAbsent(edge.from(), id -> new HashSet<>()).add(edge.to());
            }
            Set<UUID> supporters = new HashSet<>();
            support.values().forEach(supporters::addAll);
            supporters.removeAll(retracted.keySet());
            Set<UUID> standing = new HashSet<>();
            namespace.graph().get(supporters, AsOf.now()).forEach(node -> standing.add(node.id()));
            Set<UUID> fell = new LinkedHashSet<>();
            for (Node dependent : namespace.graph().get(dependents, AsOf.now())) {
                Set<UUID> left = new HashSet<>(support.getOrDefault(dependent.id(), Set.of()));
                left.retainAll(standing);
                if (left.isEmpty()) {
                    lowered.remove(dependent.id());
                    retracted.put(dependent.id(), dependent);
                    fell.add(dependent.id());
                } else {
                    lowered.put(dependent.id(), dependent);
                }
            }
            next = fell;
        }
    }

    private List<Edge> edges(Set<UUID> nodes, Direction direction) {
        List<Edge> edges = new ArrayList<>();
        if (nodes.isEmpty()) {
            return edges;
        }
        EdgeQuery query = new EdgeQuery(
                List.copyOf(nodes),
                direction,
                List.of(Relation.DERIVED_FROM),
                AsOf.now(),
                PageRequest.first(PageRequest.MAX_LIMIT));
        Page<Edge> page;
        do {
            page = namespace.graph().edges(query);
            edges.addAll(page.items());
            query = query.page(query.page().after(page.next()));
        } while (page.hasNext());
        return edges;
    }

    private void apply(UUID root, String reason) {
        Batch batch = namespace.batch();
        retracted.forEach((id, node) -> {
            String because = id.equals(root) ? reason : "derived from " + root + ": " + reason;
            batch.add(new GraphMutation.RetractNode(id, because, Condition.version(node.version())));
            batch.append(EventDraft.of(EVENT, PropertyMap.of("root", root.toString()))
                    .about(id.toString()));
        });
        lowered.forEach((id, node) -> batch.add(new GraphMutation.PutNode(
                NodeDraft.of(
                                id,
                                MemoryNode.flagged(node).toBuilder()
                                        .confidence(node.confidence() * LOWERED)
                                        .build())
                        .valid(node.validity()),
                Condition.version(node.version()),
                GraphMutation.Fingerprints.SHARED)));
        // The index learns it too, so that searches stop spending their hits on what the records will drop.
        for (VectorPoint point : namespace.vectors().get(settings.space().name(), retracted.keySet())) {
            batch.put(
                    settings.space().name(),
                    point.toBuilder().validity(point.validity().endingAt(now)).build());
        }
        batch.apply();
    }
}

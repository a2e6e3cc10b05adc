package io.contextdb.spi.graph;

import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.value.UuidOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The walk of contract N8, level by level: one bulk read of edges and one of nodes per depth. What a backend gets without
 * writing a walk of its own, and the reference that others must agree with.
 */
final class LevelWalk {
    private static final int CHUNK = 10_000;

    private record Reach(UUID node, double weight, Edge by) {
        static final Comparator<Reach> BEST =
                Comparator.comparingDouble(Reach::weight).reversed().thenComparing(Reach::node, UuidOrder.INSTANCE);

        boolean better(Reach other) {
            int byWeight = Double.compare(weight, other.weight);
            return byWeight > 0 || (byWeight == 0 && UuidOrder.INSTANCE.compare(by.id(), other.by.id()) < 0);
        }
    }

    private LevelWalk() {}

    static List<WalkStep> walk(GraphReader graph, ReadScope scope, WalkQuery query) {
        List<WalkStep> steps = new ArrayList<>();
        Set<UUID> seen = new HashSet<>();
        Map<UUID, Double> frontier = new HashMap<>();
        for (Node node : graph.get(scope, new HashSet<>(query.seeds()), query.asOf())) {
            steps.add(WalkStep.seed(node));
            seen.add(node.id());
            frontier.put(node.id(), 1.0);
        }
        for (int depth = 1; depth <= query.maxDepth() && !frontier.isEmpty() && steps.size() < query.limit(); depth++) {
            scope.deadline().check("walk");
            Map<UUID, Reach> reached = reach(graph, scope, query, frontier, seen);
            Map<UUID, Node> nodes = nodes(graph, scope, reached.keySet(), query.asOf());
            List<Reach> kept = new ArrayList<>();
            for (Reach reach : reached.values()) {
                if (nodes.containsKey(reach.node())) {
                    kept.add(reach);
                }
            }
            kept.sort(Reach.BEST);
            // A node that a beam drops is not looked at again: it would come back with more than its smallest depth.
            seen.addAll(reached.keySet());
            if (query.strategy() instanceof WalkStrategy.Beam beam && kept.size() > beam.width()) {
                kept = kept.subList(0, beam.width());
            }
            frontier = new HashMap<>();
            for (Reach reach : kept) {
                Node node = nodes.get(reach.node());
                if (node != null) {
                    steps.add(WalkStep.reached(node, depth, reach.weight(), reach.by()));
                    frontier.put(reach.node(), reach.weight());
                }
            }
        }
        steps.sort(WalkStep.ORDER);
        return List.copyOf(steps.size() > query.limit() ? steps.subList(0, query.limit()) : steps);
    }

    private static Map<UUID, Reach> reach(
            GraphReader graph, ReadScope scope, WalkQuery query, Map<UUID, Double> frontier, Set<UUID> seen) {
        Map<UUID, Reach> reached = new HashMap<>();
        for (Direction direction : directions(query.direction())) {
            for (List<UUID> chunk : chunks(frontier.keySet())) {
                EdgeQuery edges = new EdgeQuery(
                        chunk, direction, query.types(), query.asOf(), PageRequest.first(PageRequest.MAX_LIMIT));
                Page<Edge> page;
                do {
                    page = graph.edges(scope, edges);
                    for (Edge edge : page.items()) {
                        UUID here = direction == Direction.OUTGOING ? edge.from() : edge.to();
                        UUID there = direction == Direction.OUTGOING ? edge.to() : edge.from();
                        double weight = frontier.getOrDefault(here, 0.0) * edge.weight() * factor(query.strategy());
                        if (weight >= query.minWeight() && !seen.contains(there)) {
                            reached.merge(
                                    there, new Reach(there, weight, edge), (old, now) -> now.better(old) ? now : old);
                        }
                    }
                    edges = edges.page(edges.page().after(page.next()));
                } while (page.hasNext());
            }
        }
        return reached;
    }

    private static Map<UUID, Node> nodes(GraphReader graph, ReadScope scope, Set<UUID> ids, AsOf asOf) {
        Map<UUID, Node> nodes = new HashMap<>();
        for (List<UUID> chunk : chunks(ids)) {
            graph.get(scope, chunk, asOf).forEach(node -> nodes.put(node.id(), node));
        }
        return nodes;
    }

    private static List<Direction> directions(Direction direction) {
        return direction == Direction.BOTH ? List.of(Direction.OUTGOING, Direction.INCOMING) : List.of(direction);
    }

    private static double factor(WalkStrategy strategy) {
        return strategy instanceof WalkStrategy.Decay decay ? decay.factor() : 1;
    }

    private static List<List<UUID>> chunks(Collection<UUID> ids) {
        List<UUID> all = List.copyOf(ids);
        List<List<UUID>> chunks = new ArrayList<>();
        for (int from = 0; from < all.size(); from += CHUNK) {
            chunks.add(all.subList(from, Math.min(all.size(), from + CHUNK)));
        }
        return chunks;
    }
}

package io.contextdb.backend.embedded;

import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.graph.WalkStep;
import io.contextdb.spi.graph.WalkStrategy;
import io.contextdb.spi.value.UuidOrder;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A walk over what is known now (contract N8), through the cache of nodes and of edges at nodes. Gives the answers of the
 * interface's own walk, level by level, without its bulk reads.
 */
final class GraphWalk {
    private record Reach(UUID node, double weight, Adjacency edges, int edge) {
        static final Comparator<Reach> BEST =
                Comparator.comparingDouble(Reach::weight).reversed().thenComparing(Reach::node, UuidOrder.INSTANCE);

        boolean better(Reach other) {
            int byWeight = Double.compare(weight, other.weight);
            return byWeight > 0
                    || (byWeight == 0 && UuidOrder.INSTANCE.compare(edges.id(edge), other.edges.id(other.edge)) < 0);
        }
    }

    private final EmbeddedGraph graph;
    private final RecordCache cache;
    private final Snapshot snapshot;
    private final WalkQuery query;
    private final Instant validAt;
    private final long validMicros;
    private final double factor;
    private final Set<String> types;

    GraphWalk(EmbeddedGraph graph, RecordCache cache, Snapshot snapshot, WalkQuery query) {
        this.graph = graph;
        this.cache = cache;
        this.snapshot = snapshot;
        this.query = query;
        this.validAt = EmbeddedGraph.validAt(snapshot, query.asOf());
        this.validMicros = Columns.of(validAt);
        this.factor = query.strategy() instanceof WalkStrategy.Decay decay ? decay.factor() : 1;
        this.types = new HashSet<>(query.types());
    }

    List<WalkStep> steps() throws SQLException {
        List<WalkStep> steps = new ArrayList<>();
        Set<UUID> seen = new HashSet<>();
        Map<UUID, Double> frontier = new HashMap<>();
        Set<UUID> seeds = new LinkedHashSet<>(query.seeds());
        Map<UUID, Node> first = graph.currentById(snapshot, seeds);
        for (UUID seed : seeds) {
            Optional<Node> node = valid(first.get(seed));
            if (node.isPresent()) {
                steps.add(WalkStep.seed(node.get()));
                seen.add(seed);
                frontier.put(seed, 1.0);
            }
        }
        for (int depth = 1; depth <= query.maxDepth() && !frontier.isEmpty() && steps.size() < query.limit(); depth++) {
            snapshot.deadline().check("walk");
            Map<UUID, Reach> reached = reach(frontier, seen);
            // A node that a beam drops is not looked at again: it would come back with more than its smallest depth.
            seen.addAll(reached.keySet());
            frontier = take(reached, depth, steps);
        }
        steps.sort(WalkStep.ORDER);
        return List.copyOf(steps.size() > query.limit() ? steps.subList(0, query.limit()) : steps);
    }

    private Map<UUID, Reach> reach(Map<UUID, Double> frontier, Set<UUID> seen) throws SQLException {
        Map<UUID, Reach> reached = new HashMap<>();
        if (query.direction() != Direction.INCOMING) {
            follow(frontier, true, seen, reached);
        }
        if (query.direction() != Direction.OUTGOING) {
            follow(frontier, false, seen, reached);
        }
        return reached;
    }

    private void follow(Map<UUID, Double> frontier, boolean out, Set<UUID> seen, Map<UUID, Reach> reached)
            throws SQLException {
        Map<UUID, Adjacency> adjacent = edges(frontier.keySet(), out);
        adjacent.forEach((here, edges) -> follow(edges, frontier.getOrDefault(here, 0.0), seen, reached));
    }

    private void follow(Adjacency edges, double path, Set<UUID> seen, Map<UUID, Reach> reached) {
        for (int i = 0; i < edges.size(); i++) {
            double weight = path * edges.weight(i) * factor;
            if (weight >= query.minWeight()
                    && edges.validAt(i, validMicros)
                    && (types.isEmpty() || types.contains(edges.type(i)))) {
                Reach now = new Reach(edges.other(i), weight, edges, i);
                if (!seen.contains(now.node())) {
                    reached.merge(now.node(), now, (old, next) -> next.better(old) ? next : old);
                }
            }
        }
    }

    /** Adds a step for each node that holds, the best of them if a beam is narrower, and returns where to go on. */
    private Map<UUID, Double> take(Map<UUID, Reach> reached, int depth, List<WalkStep> steps) throws SQLException {
        List<Reach> best = new ArrayList<>(reached.values());
        best.sort(Reach.BEST);
        int width = query.strategy() instanceof WalkStrategy.Beam beam ? beam.width() : Integer.MAX_VALUE;
        Map<UUID, Double> frontier = new HashMap<>();
        // Nodes are read as many at a time as could still be taken; few of them do not hold.
        for (int from = 0; from < best.size() && frontier.size() < width && steps.size() < query.limit(); ) {
            int room = Math.min(width - frontier.size(), query.limit() - steps.size());
            List<Reach> next = best.subList(from, from + Math.min(room, best.size() - from));
            from += next.size();
            Map<UUID, Node> nodes =
                    graph.currentById(snapshot, next.stream().map(Reach::node).toList());
            for (Reach reach : next) {
                valid(nodes.get(reach.node())).ifPresent(node -> {
                    steps.add(WalkStep.reached(
                            node, depth, reach.weight(), reach.edges().edge(reach.edge())));
                    frontier.put(reach.node(), reach.weight());
                });
            }
        }
        return frontier;
    }

    private Optional<Node> valid(@Nullable Node node) {
        return Optional.ofNullable(node).filter(present -> present.validity().contains(validAt));
    }

    /** Returns the edges at nodes; what the cache lacks is read at once. */
    private Map<UUID, Adjacency> edges(Set<UUID> nodes, boolean out) throws SQLException {
        Map<UUID, Adjacency> edges = new HashMap<>();
        List<UUID> missing = new ArrayList<>();
        for (UUID node : nodes) {
            cache.edges(RecordCache.Key.of(snapshot.namespace(), node), out, snapshot.commit())
                    .ifPresentOrElse(cached -> edges.put(node, cached), () -> missing.add(node));
        }
        if (!missing.isEmpty()) {
            Map<UUID, Adjacency> read = Adjacency.read(snapshot, missing, out);
            read.forEach((node, at) ->
                    cache.put(RecordCache.Key.of(snapshot.namespace(), node), out, at, snapshot.commit()));
            edges.putAll(read);
        }
        return edges;
    }
}

package io.contextdb.tck.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Batch;
import io.contextdb.Graph;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.graph.WalkStep;
import io.contextdb.spi.graph.WalkStrategy;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidOrder;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Walks over the graph, against a small reference. */
@Needs(Capability.GRAPH)
public abstract class WalkSuite {
    private static final NodeContent EMPTY = NodeContent.builder().build();

    private static List<UUID> nodes(Namespace namespace, int count) {
        Batch batch = namespace.batch();
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            NodeDraft draft = NodeDraft.of(UUID.randomUUID(), EMPTY);
            ids.add(draft.id());
            batch.put(draft);
        }
        batch.apply();
        return ids;
    }

    private static List<UUID> ids(List<WalkStep> steps) {
        return steps.stream().map(step -> step.node().id()).toList();
    }

    @Test
    @Proves("N8")
    void depthCountsHops(Kit kit) {
        Namespace namespace = kit.namespace();
        Graph graph = namespace.graph();
        List<UUID> chain = nodes(namespace, 6);
        for (int i = 0; i < 5; i++) {
            graph.connect(chain.get(i), "next", chain.get(i + 1));
        }

        for (int depth = 0; depth <= 6; depth++) {
            List<WalkStep> steps =
                    graph.walk(WalkQuery.from(chain.get(0)).maxDepth(depth).build());
            assertThat(ids(steps)).isEqualTo(chain.subList(0, Math.min(6, depth + 1)));
            assertThat(steps.getLast().depth()).isEqualTo(Math.min(5, depth));
        }
        assertThat(graph.walk(WalkQuery.from(chain.get(0)).maxDepth(0).build())
                        .get(0)
                        .reachedBy())
                .isEmpty();
        assertThat(ids(graph.walk(WalkQuery.from(chain.get(5))
                        .direction(Direction.INCOMING)
                        .maxDepth(2)
                        .build())))
                .containsExactly(chain.get(5), chain.get(4), chain.get(3));
        assertThat(graph.walk(WalkQuery.from(chain.get(2))
                        .direction(Direction.BOTH)
                        .maxDepth(1)
                        .build()))
                .hasSize(3);
    }

    @Test
    @Proves("N8")
    void cyclesEndAndEachNodeAppearsOnceWithItsSmallestDepth(Kit kit) {
        Namespace namespace = kit.namespace();
        Graph graph = namespace.graph();
        List<UUID> n = nodes(namespace, 4);
        graph.connect(n.get(0), "t", n.get(1));
        graph.connect(n.get(1), "t", n.get(2));
        graph.connect(n.get(2), "t", n.get(0));
        graph.connect(n.get(0), "t", n.get(0));
        graph.connect(n.get(2), "t", n.get(3));
        graph.connect(n.get(0), "t", n.get(3));

        List<WalkStep> steps = graph.walk(WalkQuery.from(n.get(0)).maxDepth(10).build());

        assertThat(steps).hasSize(4).isSortedAccordingTo(WalkStep.ORDER);
        assertThat(steps)
                .filteredOn(step -> step.node().id().equals(n.get(3)))
                .extracting(WalkStep::depth)
                .containsExactly(1);
    }

    @Test
    @Proves("N8")
    void ofSeveralPathsTheHeaviestCountsThenTheSmallerEdge(Kit kit) {
        Namespace namespace = kit.namespace();
        Graph graph = namespace.graph();
        List<UUID> n = nodes(namespace, 4);
        edge(graph, n.get(0), n.get(1), 0.9);
        edge(graph, n.get(0), n.get(2), 0.5);
        UUID weak = edge(graph, n.get(2), n.get(3), 1);
        UUID strong = edge(graph, n.get(1), n.get(3), 0.6);

        WalkStep last = graph.walk(WalkQuery.from(n.get(0)).maxDepth(2).build()).getLast();
        assertThat(last.node().id()).isEqualTo(n.get(3));
        assertThat(last.pathWeight()).isCloseTo(0.54, org.assertj.core.data.Offset.offset(1e-12));
        assertThat(last.reachedBy()).map(Edge::id).contains(strong).isNotEqualTo(weak);

        UUID one = edge(graph, n.get(0), n.get(3), 0.7);
        UUID two = edge(graph, n.get(0), n.get(3), 0.7);
        UUID smaller = UuidOrder.INSTANCE.compare(one, two) < 0 ? one : two;
        assertThat(graph.walk(WalkQuery.from(n.get(0)).maxDepth(1).build()))
                .filteredOn(step -> step.node().id().equals(n.get(3)))
                .singleElement()
                .satisfies(step -> assertThat(step.reachedBy()).map(Edge::id).contains(smaller));
    }

    private static UUID edge(Graph graph, UUID from, UUID to, double weight) {
        EdgeDraft draft = EdgeDraft.of(UUID.randomUUID(), new EdgeContent(from, to, "t", weight, PropertyMap.empty()));
        graph.put(draft);
        return draft.id();
    }

    @Test
    @Proves("N8")
    void pathsLighterThanTheMinimumEndExactlyThere(Kit kit) {
        Namespace namespace = kit.namespace();
        Graph graph = namespace.graph();
        List<UUID> n = nodes(namespace, 3);
        edge(graph, n.get(0), n.get(1), 0.5);
        edge(graph, n.get(1), n.get(2), 0.5);

        assertThat(graph.walk(WalkQuery.from(n.get(0)).minWeight(0.25).build())).hasSize(3);
        assertThat(graph.walk(WalkQuery.from(n.get(0)).minWeight(0.2500001).build()))
                .hasSize(2);
        assertThat(graph.walk(WalkQuery.from(n.get(0))
                        .strategy(new WalkStrategy.Decay(0.5))
                        .minWeight(0.25)
                        .build()))
                .extracting(WalkStep::pathWeight)
                .containsExactly(1.0, 0.25);
    }

    @Test
    @Proves("N8")
    void aBeamKeepsTheBestPerDepthAndDropsTheRestForGood(Kit kit) {
        Namespace namespace = kit.namespace();
        Graph graph = namespace.graph();
        List<UUID> n = nodes(namespace, 4);
        edge(graph, n.get(0), n.get(1), 0.9);
        edge(graph, n.get(0), n.get(2), 0.8);
        edge(graph, n.get(1), n.get(2), 1);
        edge(graph, n.get(1), n.get(3), 0.1);

        List<WalkStep> steps = graph.walk(WalkQuery.from(n.get(0))
                .strategy(new WalkStrategy.Beam(1))
                .maxDepth(3)
                .build());

        assertThat(ids(steps)).containsExactly(n.get(0), n.get(1), n.get(3));
    }

    @Test
    @Proves("N8")
    void typesLimitsAndSeedsSelect(Kit kit) {
        Namespace namespace = kit.namespace();
        Graph graph = namespace.graph();
        List<UUID> n = nodes(namespace, 5);
        graph.connect(n.get(0), "a", n.get(1));
        graph.connect(n.get(0), "b", n.get(2));
        graph.connect(n.get(3), "a", n.get(4));

        assertThat(ids(graph.walk(WalkQuery.from(n.get(0)).types("b").build()))).containsExactly(n.get(0), n.get(2));
        List<WalkStep> two = graph.walk(
                WalkQuery.from(n.get(0), n.get(3), n.get(0), UuidV7.next()).build());
        assertThat(two).hasSize(5).isSortedAccordingTo(WalkStep.ORDER);
        assertThat(graph.walk(WalkQuery.from(n.get(0), n.get(3)).limit(3).build()))
                .hasSize(3)
                .extracting(WalkStep::depth)
                .containsExactly(0, 0, 1);
        assertThat(graph.walk(WalkQuery.from(List.of()).build())).isEmpty();
    }

    @Test
    @Proves({"N8", "N5"})
    void whatDoesNotHoldIsNeitherReturnedNorPassedThrough(Kit kit) {
        Namespace namespace = kit.namespace();
        Graph graph = namespace.graph();
        List<UUID> n = nodes(namespace, 4);
        for (int i = 0; i < 3; i++) {
            graph.connect(n.get(i), "t", n.get(i + 1));
        }
        Instant before = graph.edgeHistory(
                        graph.edges(io.contextdb.spi.graph.EdgeQuery.of(Direction.OUTGOING, n.get(2)))
                                .items()
                                .get(0)
                                .id())
                .findFirst()
                .orElseThrow()
                .revision()
                .transaction()
                .from();
        graph.retract(n.get(1), "r");

        assertThat(ids(graph.walk(WalkQuery.from(n.get(0)).build()))).containsExactly(n.get(0));
        assertThat(graph.walk(WalkQuery.from(n.get(1)).build())).isEmpty();
        assertThat(ids(graph.walk(WalkQuery.from(n.get(0)).asOf(AsOf.at(before)).build())))
                .isEqualTo(n);
    }

    @Test
    @Proves({"N8", "M6"})
    void walksOfRandomGraphsAgreeWithTheReference(Kit kit) {
        Namespace namespace = kit.namespace();
        Random random = kit.random();
        List<UUID> n = nodes(namespace, 120);
        List<EdgeDraft> edges = new ArrayList<>();
        Batch batch = namespace.batch();
        for (int i = 0; i < 400; i++) {
            EdgeDraft edge = EdgeDraft.of(
                    UUID.randomUUID(),
                    EdgeContent.of(
                                    n.get(random.nextInt(120)),
                                    random.nextBoolean() ? "a" : "b",
                                    n.get(random.nextInt(120)))
                            .withWeight(random.nextInt(5) / 4.0));
            edges.add(edge);
            batch.put(edge);
        }
        batch.apply();
        List<WalkStrategy> strategies =
                List.of(new WalkStrategy.BreadthFirst(), new WalkStrategy.Beam(3), new WalkStrategy.Decay(0.5));
        for (int round = 0; round < 40; round++) {
            WalkQuery query = WalkQuery.from(n.get(random.nextInt(120)), n.get(random.nextInt(120)))
                    .direction(List.of(Direction.OUTGOING, Direction.INCOMING, Direction.BOTH)
                            .get(random.nextInt(3)))
                    .types(random.nextBoolean() ? new String[] {} : new String[] {"a"})
                    .minWeight(random.nextInt(3) / 8.0)
                    .maxDepth(random.nextInt(5))
                    .limit(1 + random.nextInt(100))
                    .strategy(strategies.get(random.nextInt(3)))
                    .build();

            List<String> actual = namespace.graph().walk(query).stream()
                    .map(step -> step.node().id() + " " + step.depth() + " " + (float) step.pathWeight() + " "
                            + step.reachedBy().map(Edge::id).orElse(null))
                    .toList();

            assertThat(actual).as("%s", query).isEqualTo(reference(edges, query));
        }
    }

    private record Reached(
            UUID node, int depth, double weight, @Nullable UUID by) {}

    /** The walk of the contract over plain lists. */
    private static List<String> reference(List<EdgeDraft> edges, WalkQuery query) {
        Map<UUID, Reached> all = new HashMap<>();
        Set<UUID> looked = new HashSet<>(query.seeds());
        query.seeds().forEach(seed -> all.put(seed, new Reached(seed, 0, 1, null)));
        List<Reached> frontier = new ArrayList<>(all.values());
        double decay = query.strategy() instanceof WalkStrategy.Decay factor ? factor.factor() : 1;
        for (int depth = 1; depth <= query.maxDepth(); depth++) {
            Map<UUID, Reached> next = new HashMap<>();
            for (Reached from : frontier) {
                for (EdgeDraft edge : edges) {
                    EdgeContent content = edge.content();
                    if (!query.types().isEmpty() && !query.types().contains(content.type())) {
                        continue;
                    }
                    List<UUID> targets = new ArrayList<>();
                    if (query.direction() != Direction.INCOMING
                            && content.from().equals(from.node())) {
                        targets.add(content.to());
                    }
                    if (query.direction() != Direction.OUTGOING && content.to().equals(from.node())) {
                        targets.add(content.from());
                    }
                    double weight = from.weight() * content.weight() * decay;
                    for (UUID target : targets) {
                        if (weight >= query.minWeight() && !looked.contains(target)) {
                            Reached old = next.get(target);
                            Reached now = new Reached(target, depth, weight, edge.id());
                            boolean better = old == null
                                    || old.by() == null
                                    || weight > old.weight()
                                    || (weight == old.weight() && UuidOrder.INSTANCE.compare(edge.id(), old.by()) < 0);
                            next.put(target, better ? now : old);
                        }
                    }
                }
            }
            looked.addAll(next.keySet());
            Comparator<Reached> best = Comparator.comparingDouble(Reached::weight)
                    .reversed()
                    .thenComparing(Reached::node, UuidOrder.INSTANCE);
            frontier = next.values().stream()
                    .sorted(best)
                    .limit(query.strategy() instanceof WalkStrategy.Beam beam ? beam.width() : Integer.MAX_VALUE)
                    .toList();
            frontier.forEach(reached -> all.put(reached.node(), reached));
        }
        return all.values().stream()
                .sorted(Comparator.comparingInt(Reached::depth)
                        .thenComparing(
                                Comparator.comparingDouble(Reached::weight).reversed())
                        .thenComparing(Reached::node, UuidOrder.INSTANCE))
                .limit(query.limit())
                .map(reached ->
                        reached.node() + " " + reached.depth() + " " + (float) reached.weight() + " " + reached.by())
                .toList();
    }
}

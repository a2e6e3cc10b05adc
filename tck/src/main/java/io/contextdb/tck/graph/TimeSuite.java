package io.contextdb.tck.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Graph;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The two axes of time, and retraction. */
@Needs(Capability.GRAPH)
public abstract class TimeSuite {
    private static final Instant JANUARY = Instant.parse("2026-01-01T00:00:00Z");

    private static final Instant FEBRUARY = Instant.parse("2026-02-01T00:00:00Z");

    private static final Instant MARCH = Instant.parse("2026-03-01T00:00:00Z");

    private static NodeContent text(String text) {
        return NodeContent.builder().property("text", text).build();
    }

    private static UUID put(Graph graph, String text) {
        NodeDraft draft = NodeDraft.of(text(text));
        graph.put(draft);
        return draft.id();
    }

    private static String text(Node node) {
        return node.properties().string("text").orElseThrow();
    }

    @Test
    @Proves({"N2", "N3"})
    void validityIsHalfOpen(Kit kit) {
        Graph graph = kit.namespace().graph();
        NodeDraft draft = NodeDraft.of(text("x")).valid(Interval.between(JANUARY, FEBRUARY));
        graph.put(draft);

        assertThat(validAt(graph, draft.id(), JANUARY)).isPresent();
        assertThat(validAt(graph, draft.id(), JANUARY.minusNanos(1_000))).isEmpty();
        assertThat(validAt(graph, draft.id(), FEBRUARY.minusNanos(1_000))).isPresent();
        assertThat(validAt(graph, draft.id(), FEBRUARY)).isEmpty();
    }

    private static Optional<Node> validAt(Graph graph, UUID id, Instant instant) {
        return graph.get(List.of(id), AsOf.validAt(instant)).stream().findFirst();
    }

    @Test
    @Proves({"N2", "N3"})
    void bothAxesAnswerIndependently(Kit kit) {
        Graph graph = kit.namespace().graph();
        UUID id = UuidV7.next();
        List<Interval> validities =
                List.of(Interval.between(JANUARY, MARCH), Interval.from(FEBRUARY), Interval.between(JANUARY, FEBRUARY));
        for (int i = 0; i < validities.size(); i++) {
            graph.put(NodeDraft.of(id, text("v" + i)).valid(validities.get(i)));
        }
        List<Node> history = graph.history(id).toList();

        List<Instant> instants = new ArrayList<>();
        for (Instant edge : List.of(JANUARY, FEBRUARY, MARCH)) {
            instants.addAll(List.of(edge.minusNanos(1_000), edge, edge.plusNanos(1_000)));
        }
        List<Instant> known = new ArrayList<>();
        for (Node version : history) {
            Instant from = version.revision().transaction().from();
            known.addAll(List.of(from.minusNanos(1_000), from));
        }
        for (Instant validAt : instants) {
            for (Instant knownAt : known) {
                Optional<Node> expected = history.stream()
                        .filter(version -> version.revision().transaction().contains(knownAt))
                        .filter(version -> version.validity().contains(validAt))
                        .findFirst();
                assertThat(graph.get(List.of(id), AsOf.of(validAt, knownAt)))
                        .as("valid at %s, known at %s", validAt, knownAt)
                        .isEqualTo(expected.stream().toList());
            }
        }
    }

    @Test
    @Proves({"N3", "N1"})
    void whatWasKnownStaysKnown(Kit kit) {
        Namespace namespace = kit.namespace();
        Graph graph = namespace.graph();
        UUID id = put(graph, "v0");
        for (int i = 1; i <= 30; i++) {
            Instant now = Instant.now();
            List<Node> taken = graph.get(List.of(id), AsOf.of(now.plusSeconds(5), now));
            graph.put(NodeDraft.of(id, text("v" + i)));

            List<Node> later = graph.get(List.of(id), AsOf.of(now.plusSeconds(5), now));
            assertThat(later)
                    .extracting(TimeSuite::text)
                    .isEqualTo(taken.stream().map(TimeSuite::text).toList());
        }
    }

    @Test
    @Proves("N5")
    void retractionResurrectsNothing(Kit kit) {
        Graph graph = kit.namespace().graph();
        UUID id = UuidV7.next();
        for (int i = 1; i <= 3; i++) {
            graph.put(NodeDraft.of(id, text("v" + i)));
        }
        Instant before = graph.get(id).orElseThrow().revision().transaction().from();

        assertThat(graph.retract(id, "it was wrong")).isEqualTo(4);

        Node current = graph.get(id).orElseThrow();
        assertThat(current.revision().retraction()).isEqualTo("it was wrong");
        assertThat(current.validity().isOpen()).isFalse();
        assertThat(graph.get(List.of(id), AsOf.now())).isEmpty();
        assertThat(graph.scanAll(NodeQuery.of(Filter.everything()))).isEmpty();
        assertThat(graph.get(List.of(id), AsOf.at(before)))
                .extracting(TimeSuite::text)
                .containsExactly("v3");
        assertThat(graph.history(id).map(TimeSuite::text)).containsExactly("v1", "v2", "v3", "v3");
        graph.put(NodeDraft.of(id, text("v5")));
        assertThat(graph.get(List.of(id), AsOf.now()))
                .extracting(TimeSuite::text)
                .containsExactly("v5");
    }

    @Test
    @Proves("N5")
    void retractionNeverLengthensAValidity(Kit kit) {
        Graph graph = kit.namespace().graph();
        Instant future = Instant.now().plusSeconds(86_400);
        NodeDraft past = NodeDraft.of(text("past")).valid(Interval.between(JANUARY.minusSeconds(9), JANUARY));
        NodeDraft coming = NodeDraft.of(text("coming")).validFrom(future);
        graph.put(past);
        graph.put(coming);
        graph.retract(past.id(), "r");
        graph.retract(coming.id(), "r");

        assertThat(graph.get(past.id()).orElseThrow().validity().to()).isEqualTo(JANUARY);
        Interval none = graph.get(coming.id()).orElseThrow().validity();
        assertThat(none.to()).isEqualTo(none.from());
        assertThat(graph.get(List.of(coming.id()), AsOf.validAt(future.plusSeconds(1))))
                .isEmpty();
        assertThatThrownBy(() -> graph.retract(UuidV7.next(), "r"))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    @Proves({"N1", "N3"})
    void transactionTimeIsTheSystemsAlone(Kit kit) {
        Graph graph = kit.namespace().graph();
        Instant before = Instant.now().minusSeconds(60);
        UUID id = UuidV7.next();
        graph.put(NodeDraft.of(id, text("v1")).valid(Interval.between(JANUARY, FEBRUARY)));
        graph.put(NodeDraft.of(id, text("v2")).valid(Interval.from(Instant.parse("9000-01-01T00:00:00Z"))));

        List<Node> history = graph.history(id).toList();
        assertThat(history)
                .extracting(node -> node.revision().transaction().from())
                .allMatch(before::isBefore)
                .isSorted();
        assertThat(history)
                .extracting(node -> node.revision().transaction().from())
                .allMatch(Instant.now().plusSeconds(60)::isAfter);
        assertThat(graph.get(List.of(id), AsOf.of(JANUARY, JANUARY)))
                .as("nothing was known then")
                .isEmpty();
    }

    @Test
    @Proves("N2")
    void anEmptyValidityHoldsAtNoInstant(Kit kit) {
        Graph graph = kit.namespace().graph();
        NodeDraft draft = NodeDraft.of(text("never")).valid(Interval.between(JANUARY, JANUARY));
        graph.put(draft);

        for (Instant instant : List.of(JANUARY.minusNanos(1_000), JANUARY, JANUARY.plusNanos(1_000))) {
            assertThat(validAt(graph, draft.id(), instant)).isEmpty();
            assertThat(graph.scanAll(NodeQuery.of(Filter.everything()).asOf(AsOf.validAt(instant))))
                    .isEmpty();
        }
        assertThat(graph.get(draft.id())).isPresent();
    }

    /** A node with an edge to itself, of changing validity, and when each version of both was committed. */
    private static List<Instant> looped(Namespace namespace, UUID id, List<Interval> validities) {
        List<Instant> commits = new ArrayList<>();
        for (int i = 0; i < validities.size(); i++) {
            EdgeContent content = EdgeContent.of(id, "t", id).withWeight(i / 10.0);
            commits.add(namespace
                    .batch()
                    .put(NodeDraft.of(id, text("v" + i)).valid(validities.get(i)))
                    .put(EdgeDraft.of(id, content).valid(validities.get(i)))
                    .apply()
                    .committedAt());
        }
        return commits;
    }

    @Test
    @Needs(batches = true)
    @Proves({"N1", "N2", "N3", "N7", "N8", "N11"})
    void scansListsAndWalksSeeBothAxes(Kit kit) {
        Namespace namespace = kit.namespace();
        Graph graph = namespace.graph();
        UUID id = UuidV7.next();
        List<Interval> validities =
                List.of(Interval.between(JANUARY, MARCH), Interval.from(FEBRUARY), Interval.between(JANUARY, FEBRUARY));
        List<Instant> commits = looped(namespace, id, validities);

        for (int at = 0; at < 2 * validities.size(); at++) {
            // At the instant of a commit its version is known; at the last instant before it, the one before.
            int known = at / 2 - (at % 2 == 0 ? 0 : 1);
            Instant knownAt = commits.get(at / 2).minusNanos(at % 2 == 0 ? 0 : 1_000);
            for (Instant edge : List.of(JANUARY, FEBRUARY, MARCH)) {
                for (Instant validAt : List.of(edge.minusNanos(1_000), edge, edge.plusNanos(1_000))) {
                    AsOf asOf = AsOf.of(validAt, knownAt);
                    int expected = known >= 0 && validities.get(known).contains(validAt) ? 1 : 0;
                    assertThat(graph.scanAll(NodeQuery.of(Filter.everything()).asOf(asOf))
                                    .map(TimeSuite::text))
                            .as("scan %s", asOf)
                            .isEqualTo(Collections.nCopies(expected, "v" + known));
                    assertThat(graph.edges(EdgeQuery.of(Direction.OUTGOING, id).asOf(asOf))
                                    .items())
                            .as("edges %s", asOf)
                            .extracting(Edge::weight)
                            .isEqualTo(Collections.nCopies(expected, known / 10.0));
                    assertThat(graph.walk(WalkQuery.from(id).asOf(asOf).build()))
                            .as("walk %s", asOf)
                            .extracting(step -> text(step.node()))
                            .isEqualTo(Collections.nCopies(expected, "v" + known));
                }
            }
        }
    }

    @Test
    @Proves({"N2", "N8"})
    void walksCrossOnlyEdgesThatHoldThen(Kit kit) {
        Graph graph = kit.namespace().graph();
        List<UUID> chain = List.of(put(graph, "a"), put(graph, "b"), put(graph, "c"));
        Instant now = graph.get(chain.get(2)).orElseThrow().validity().from();
        Instant later = now.plusSeconds(3_600);
        graph.put(EdgeDraft.of(EdgeContent.of(chain.get(0), "t", chain.get(1))).valid(Interval.from(now)));
        UUID second = UuidV7.next();
        graph.put(EdgeDraft.of(second, EdgeContent.of(chain.get(1), "t", chain.get(2)))
                .valid(Interval.between(now, later)));
        Instant known =
                graph.getEdge(second).orElseThrow().revision().transaction().from();
        graph.put(EdgeDraft.of(second, EdgeContent.of(chain.get(1), "t", chain.get(2)))
                .valid(Interval.from(later)));

        assertThat(walked(graph, chain, AsOf.of(later.minusNanos(1_000), known)))
                .isEqualTo(chain);
        assertThat(walked(graph, chain, AsOf.of(later, known))).isEqualTo(chain.subList(0, 2));
        assertThat(walked(graph, chain, AsOf.validAt(later.minusNanos(1_000)))).isEqualTo(chain.subList(0, 2));
        assertThat(walked(graph, chain, AsOf.validAt(later))).isEqualTo(chain);
    }

    private static List<UUID> walked(Graph graph, List<UUID> chain, AsOf asOf) {
        return graph.walk(WalkQuery.from(chain.get(0)).asOf(asOf).build()).stream()
                .map(step -> step.node().id())
                .toList();
    }
}

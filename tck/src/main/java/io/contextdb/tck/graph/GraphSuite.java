package io.contextdb.tck.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Graph;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeChange;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.graph.Source;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation.PutKey;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Nodes, edges, sources, and the two axes of time. */
@Needs(Capability.GRAPH)
public abstract class GraphSuite {
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
    @Proves({"N1", "G8", "N4"})
    void versionsFormAGaplessChainInTransactionTime(Kit kit) {
        Graph graph = kit.namespace().graph();
        UUID id = UuidV7.next();
        for (int i = 1; i <= 5; i++) {
            assertThat(graph.put(NodeDraft.of(id, text("v" + i)))).isEqualTo(i);
        }

        List<Node> history = graph.history(id).toList();
        assertThat(history).extracting(Node::version).containsExactly(1L, 2L, 3L, 4L, 5L);
        for (int i = 0; i < 4; i++) {
            Interval transaction = history.get(i).revision().transaction();
            assertThat(transaction.to())
                    .isEqualTo(history.get(i + 1).revision().transaction().from())
                    .isAfter(transaction.from());
        }
        assertThat(history.getLast().revision().transaction().isOpen()).isTrue();
        assertThat(history.getFirst().validity())
                .isEqualTo(Interval.from(
                        history.getFirst().revision().transaction().from()));
        assertThat(graph.get(id)).contains(history.getLast());
    }

    @Test
    @Proves({"N1", "G3", "G2"})
    void contentComesBackExactly(Kit kit) {
        Graph graph = kit.namespace().graph();
        NodeContent content = NodeContent.builder()
                .labels(List.of("b", "a", "😀", "é"))
                .properties(PropertyMap.of("i", 1, "f", 1.0, "n", null).with("z", -0.0))
                .source("the 'source' %")
                .confidence(0.123456789012345)
                .fingerprint("f")
                .build();
        Interval validity = Interval.between(
                Instant.parse("0001-01-01T00:00:00Z"), Instant.parse("9999-12-31T23:59:59.999999999Z"));
        NodeDraft draft = NodeDraft.of(content).valid(validity);
        graph.put(draft);

        Node node = graph.get(draft.id()).orElseThrow();
        assertThat(node.content()).isEqualTo(content);
        assertThat(node.validity().from()).isEqualTo(validity.from());
        assertThat(node.validity().to()).isEqualTo(Instant.parse("9999-12-31T23:59:59.999999Z"));
    }

    @Test
    @Proves({"N3", "G12"})
    void nodesComeInTheOrderAskedWithoutTheAbsent(Kit kit) {
        Graph graph = kit.namespace().graph();
        UUID a = put(graph, "a");
        UUID b = put(graph, "b");

        assertThat(graph.get(List.of(b, UuidV7.next(), a, b)))
                .extracting(Node::id)
                .containsExactly(b, a);
        assertThat(graph.get(List.of(b, a), AsOf.now())).extracting(Node::id).containsExactly(b, a);
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
                    .extracting(GraphSuite::text)
                    .isEqualTo(taken.stream().map(GraphSuite::text).toList());
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
                .extracting(GraphSuite::text)
                .containsExactly("v3");
        assertThat(graph.history(id).map(GraphSuite::text)).containsExactly("v1", "v2", "v3", "v3");
        graph.put(NodeDraft.of(id, text("v5")));
        assertThat(graph.get(List.of(id), AsOf.now()))
                .extracting(GraphSuite::text)
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
    @Proves({"N1", "G5"})
    void conditionsAreJudgedOnTheCurrentVersion(Kit kit) {
        Graph graph = kit.namespace().graph();
        UUID id = UuidV7.next();
        graph.put(NodeDraft.of(id, text("v1")), Condition.absent());

        assertThat(graph.put(NodeDraft.of(id, text("v2")), Condition.version(1)))
                .isEqualTo(2);
        assertThatThrownBy(() -> graph.put(NodeDraft.of(id, text("v3")), Condition.version(1)))
                .isInstanceOfSatisfying(
                        PreconditionFailedException.class,
                        failed -> assertThat(failed.currentVersion()).isEqualTo(2));
        assertThat(graph.put(NodeDraft.of(id, text("v3")), Condition.absent().orSkip()))
                .isZero();
        assertThat(graph.get(id).orElseThrow().version()).isEqualTo(2);
    }

    @Test
    @Needs({Capability.ERASURE, Capability.VECTORS, Capability.KEYS, Capability.EVENTS, Capability.DOCUMENTS})
    @Proves("N6")
    void erasureTakesAllThatBelongsToANode(Kit kit) {
        Namespace namespace = kit.namespace();
        Graph graph = namespace.graph();
        UUID gone = put(graph, "secret");
        UUID stays = put(graph, "stays");
        graph.put(NodeDraft.of(gone, text("secret 2")));
        UUID out = graph.connect(gone, "to", stays);
        UUID in = graph.connect(stays, "to", gone);
        namespace.vectors().createSpace(VectorSpace.cosine("s", 2));
        UUID about = UuidV7.next();
        namespace
                .batch()
                .put("s", VectorPoint.builder(gone).vector(1, 0).text("secret").build())
                .put(
                        "s",
                        VectorPoint.builder(about)
                                .vector(1, 1)
                                .subject(gone.toString())
                                .build())
                .put("s", VectorPoint.builder(stays).vector(0, 1).build())
                .add(PutKey.of("k", Bytes.utf8("secret")).about(gone.toString()))
                .put("other", Bytes.utf8("stays"))
                .append(EventDraft.of("t", PropertyMap.of("secret", true)).about(gone.toString()))
                .append(EventDraft.of("t", PropertyMap.of("stays", true)))
                .add(new DocumentMutation.PutDocument(
                        "c", "d", PropertyMap.of("secret", true), gone.toString(), Condition.none()))
                .apply();

        assertThat(namespace.erase(List.of(gone, UuidV7.next()))).isEqualTo(1);

        assertThat(graph.get(gone)).isEmpty();
        assertThat(graph.history(gone)).isEmpty();
        assertThat(graph.get(List.of(gone), AsOf.at(Instant.now()))).isEmpty();
        assertThat(graph.getEdges(List.of(out, in))).isEmpty();
        assertThat(graph.edges(EdgeQuery.of(Direction.BOTH, stays)).items()).isEmpty();
        assertThat(namespace.vectors().get("s", List.of(gone, about, stays)))
                .extracting(VectorPoint::id)
                .containsExactly(stays);
        assertThat(namespace.keys().scan("").map(entry -> entry.key())).containsExactly("other");
        assertThat(namespace.documents("c").get("d")).isEmpty();
        assertThat(namespace.events().read(EventQuery.after(EventPosition.START, 10)))
                .extracting(Event::payload)
                .containsExactly(new Payload.Erased(), Payload.json(PropertyMap.of("stays", true)));
        assertThatThrownBy(() -> graph.put(NodeDraft.of(gone, text("back"))))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(graph.get(stays)).isPresent();
    }

    @Test
    @Proves({"N7", "G8"})
    void edgesAreVersionedLikeNodes(Kit kit) {
        Graph graph = kit.namespace().graph();
        UUID a = put(graph, "a");
        UUID b = put(graph, "b");
        UUID id = graph.connect(a, "knows", b);
        graph.put(EdgeDraft.of(id, EdgeContent.of(a, "knows", b).withWeight(0.5)));
        Instant before =
                graph.getEdge(id).orElseThrow().revision().transaction().from();
        graph.retractEdge(id, "over");

        assertThat(graph.edgeHistory(id).map(Edge::version)).containsExactly(1L, 2L, 3L);
        assertThat(graph.edges(EdgeQuery.of(Direction.OUTGOING, a)).items()).isEmpty();
        assertThat(graph.edges(EdgeQuery.of(Direction.OUTGOING, a).asOf(AsOf.at(before)))
                        .items())
                .extracting(Edge::weight)
                .containsExactly(0.5);
    }

    @Test
    @Proves("N7")
    void endPointsMustExistAndNeverChange(Kit kit) {
        Namespace namespace = kit.namespace();
        Graph graph = namespace.graph();
        UUID a = put(graph, "a");
        UUID b = put(graph, "b");
        UUID id = graph.connect(a, "t", b);

        assertThatThrownBy(() -> graph.connect(a, "t", UuidV7.next()))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageContaining("edge.to");
        assertThatThrownBy(() -> graph.put(EdgeDraft.of(id, EdgeContent.of(b, "t", a))))
                .isInstanceOf(InvalidRequestException.class);
        NodeDraft fresh = NodeDraft.of(text("fresh"));
        namespace
                .batch()
                .put(fresh)
                .put(EdgeDraft.of(EdgeContent.of(a, "t", fresh.id())))
                .apply();
        assertThat(graph.edges(EdgeQuery.of(Direction.OUTGOING, a)).items()).hasSize(2);
    }

    @Test
    @Proves({"N7", "G12"})
    void edgesAreOrderedByTypeWeightAndId(Kit kit) {
        Namespace namespace = kit.namespace();
        Graph graph = namespace.graph();
        UUID a = put(graph, "a");
        UUID b = put(graph, "b");
        List<EdgeDraft> drafts = new ArrayList<>();
        for (String type : List.of("z", "A", "a", "é")) {
            for (double weight : new double[] {0, 0.5, 1}) {
                drafts.add(EdgeDraft.of(
                        UUID.randomUUID(), EdgeContent.of(a, type, b).withWeight(weight)));
                drafts.add(EdgeDraft.of(
                        UUID.randomUUID(), EdgeContent.of(a, type, a).withWeight(weight)));
            }
        }
        Collections.shuffle(drafts, kit.random());
        drafts.forEach(graph::put);

        List<Edge> all = graph.edges(EdgeQuery.of(Direction.OUTGOING, a)).items();
        assertThat(all).hasSize(24).isSortedAccordingTo(Edge.ORDER);
        List<Edge> paged = new ArrayList<>();
        EdgeQuery query = EdgeQuery.of(Direction.OUTGOING, a).page(PageRequest.first(5));
        var page = graph.edges(query);
        paged.addAll(page.items());
        while (page.hasNext()) {
            query = query.page(query.page().after(page.next()));
            page = graph.edges(query);
            paged.addAll(page.items());
        }
        assertThat(paged).isEqualTo(all);
        assertThat(graph.edges(EdgeQuery.of(Direction.INCOMING, a)).items()).hasSize(12);
        assertThat(graph.edges(EdgeQuery.of(Direction.BOTH, a)).items()).hasSize(24);
        assertThat(graph.edges(EdgeQuery.of(Direction.OUTGOING, a).types(List.of("é", "z")))
                        .items())
                .hasSize(12)
                .allMatch(edge -> !edge.type().equalsIgnoreCase("a"));
    }

    @Test
    @Proves({"N9", "G13"})
    void evidenceOfManyThreadsAddsUp(Kit kit) {
        Graph graph = kit.namespace().graph();
        graph.putSource("s", List.of("x"), PropertyMap.of("p", 1));

        kit.together(32, i -> {
            for (int n = 0; n < 5; n++) {
                graph.addEvidence("s", 1, 0.5);
            }
            return i;
        });
        graph.putSource("s", List.of("y"), PropertyMap.empty());

        Source source = graph.source("s").orElseThrow();
        assertThat(source.alpha()).isEqualTo(161);
        assertThat(source.beta()).isEqualTo(81);
        assertThat(source.labels()).containsExactly("y");
        graph.addEvidence("new", 1, 0);
        assertThat(graph.source("new").orElseThrow().credibility()).isEqualTo(2.0 / 3);
        assertThat(graph.sources().map(Source::externalId)).containsExactly("new", "s");
    }

    @Test
    @Proves({"N10", "G13"})
    void ofManyWhoWriteOneContentOneCreates(Kit kit) {
        Graph graph = kit.namespace().graph();

        List<UUID> ids = kit.together(
                32,
                i -> graph.putUnique(NodeDraft.of(
                        NodeContent.builder().fingerprint("f").property("by", i).build())));

        assertThat(new HashSet<>(ids)).hasSize(1);
        assertThat(graph.scanAll(NodeQuery.of(Filter.everything())).map(Node::id))
                .containsExactly(ids.get(0));
        assertThat(graph.findByFingerprint(List.of("f", "g"))).containsOnlyKeys("f");
    }

    @Test
    @Proves("N10")
    void fingerprintsAreUniqueAmongCurrentValidNodesOnly(Kit kit) {
        Namespace namespace = kit.namespace();
        Graph graph = namespace.graph();
        NodeContent content = NodeContent.builder().fingerprint("f").build();
        UUID first = graph.putUnique(NodeDraft.of(content));
        UUID second = UuidV7.next();

        MutationResult existing = namespace
                .batch()
                .add(new GraphMutation.PutNode(
                        NodeDraft.of(second, content), Condition.none(), GraphMutation.Fingerprints.UNIQUE_OR_EXISTING))
                .apply()
                .results()
                .get(0);
        assertThat(existing).isEqualTo(new MutationResult.Existing(first, 1));
        assertThatThrownBy(() -> namespace
                        .batch()
                        .add(new GraphMutation.PutNode(
                                NodeDraft.of(second, content),
                                Condition.none(),
                                GraphMutation.Fingerprints.UNIQUE_OR_FAIL))
                        .apply())
                .isInstanceOfSatisfying(
                        PreconditionFailedException.class,
                        failed -> assertThat(failed.existingId()).contains(first));
        graph.retract(first, "free");
        assertThat(graph.putUnique(NodeDraft.of(second, content))).isEqualTo(second);
    }

    @Test
    @Proves({"N11", "G12"})
    void diffsTellWhatHappenedBetween(Kit kit) {
        Namespace namespace = kit.namespace();
        Graph graph = namespace.graph();
        UUID same = put(graph, "same");
        UUID changed = put(graph, "changed");
        UUID retracted = put(graph, "retracted");
        UUID erased = put(graph, "erased");
        Instant from = graph.get(erased).orElseThrow().revision().transaction().from();
        UUID added = put(graph, "added");
        graph.put(NodeDraft.of(changed, text("again")));
        graph.retract(retracted, "r");
        namespace.erase(List.of(erased));
        UUID both = put(graph, "both");
        graph.retract(both, "r");
        Instant to = graph.get(both).orElseThrow().revision().transaction().from();
        put(graph, "later");

        List<NodeChange> changes = graph.diff(from, to).toList();
        assertThat(changes)
                .extracting(NodeChange::id, NodeChange::kind)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(added, NodeChange.Kind.ADDED),
                        org.assertj.core.groups.Tuple.tuple(changed, NodeChange.Kind.CHANGED),
                        org.assertj.core.groups.Tuple.tuple(retracted, NodeChange.Kind.RETRACTED),
                        org.assertj.core.groups.Tuple.tuple(erased, NodeChange.Kind.ERASED),
                        org.assertj.core.groups.Tuple.tuple(both, NodeChange.Kind.RETRACTED));
        assertThat(changes)
                .extracting(NodeChange::id)
                .doesNotContain(same)
                .isSortedAccordingTo(io.contextdb.spi.value.UuidOrder.INSTANCE);
        assertThat(graph.diff(to, to)).isEmpty();
        assertThatThrownBy(() -> graph.diff(to, from).toList()).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    @Proves({"N11", "G12"})
    void scansFilterAndPageAtATime(Kit kit) {
        Graph graph = kit.namespace().graph();
        List<UUID> ids = new ArrayList<>();
        IntStream.range(0, 25).forEach(i -> {
            NodeDraft draft = NodeDraft.of(
                    UUID.randomUUID(),
                    NodeContent.builder()
                            .label(i % 2 == 0 ? "even" : "odd")
                            .property("i", i)
                            .build());
            graph.put(draft);
            ids.add(draft.id());
        });
        Instant before =
                graph.get(ids.getLast()).orElseThrow().revision().transaction().from();
        graph.retract(ids.get(0), "r");
        NodeQuery even = NodeQuery.of(Filter.and(Filter.label("even"), Filter.ge(Field.property("i"), 0)));

        assertThat(graph.scanAll(even.page(PageRequest.first(4))).map(Node::id))
                .hasSize(12)
                .isSortedAccordingTo(io.contextdb.spi.value.UuidOrder.INSTANCE)
                .doesNotContain(ids.get(0));
        assertThat(graph.scanAll(even.asOf(AsOf.at(before))).map(Node::id))
                .hasSize(13)
                .contains(ids.get(0));
    }

    @Test
    @Proves({"G8", "G13", "N1"})
    void concurrentWritersLeaveAGaplessChain(Kit kit) {
        Graph graph = kit.namespace().graph();
        UUID id = UuidV7.next();

        List<Long> versions = kit.together(32, i -> graph.put(NodeDraft.of(id, text("by " + i))));

        assertThat(versions)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 32).mapToObj(i -> (long) i).toList());
        assertThat(graph.history(id).map(Node::version))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 32).mapToObj(i -> (long) i).toList());
    }

    @Test
    @Proves("G1")
    void graphsOfNamespacesAreApart(Kit kit) {
        String name = kit.name();
        Graph one = kit.connection().namespace(name).graph();
        Graph other = kit.connection().namespace(name + "-x").graph();
        UUID id = put(one, "one");
        one.putSource("s", List.of(), PropertyMap.empty());

        assertThat(other.get(id)).isEmpty();
        assertThat(other.source("s")).isEmpty();
        assertThat(other.scanAll(NodeQuery.of(Filter.everything()))).isEmpty();
        assertThat(other.diff(Instant.EPOCH, Instant.now().plusSeconds(60))).isEmpty();
        assertThatThrownBy(() -> other.connect(id, "t", id)).isInstanceOf(InvalidRequestException.class);
        other.put(NodeDraft.of(id, text("other")));
        assertThat(one.get(id).map(GraphSuite::text)).contains("one");
    }
}

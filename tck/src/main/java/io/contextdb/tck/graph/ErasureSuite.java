package io.contextdb.tck.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.ErasureReport;
import io.contextdb.Events;
import io.contextdb.Graph;
import io.contextdb.Namespace;
import io.contextdb.spi.Remains;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeChange;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.KeyMutation.PutKey;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Erasure: nothing is left of what belonged to a node. */
@Needs({Capability.GRAPH, Capability.ERASURE})
public abstract class ErasureSuite {
    private static NodeContent text(String text) {
        return NodeContent.builder().property("text", text).build();
    }

    private static UUID put(Graph graph, String text) {
        NodeDraft draft = NodeDraft.of(text(text));
        graph.put(draft);
        return draft.id();
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
    @Needs({Capability.VECTORS, Capability.TEXT_SEARCH})
    @Proves({"N6", "V5"})
    void whatWasErasedIsFoundByNothing(Kit kit) {
        Namespace namespace = kit.namespace();
        Graph graph = namespace.graph();
        namespace.vectors().createSpace(VectorSpace.cosine("s", 2));
        namespace.vectors().createSpace(VectorSpace.cosine("t", 2));
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            NodeDraft draft = NodeDraft.of(NodeContent.builder()
                    .fingerprint("f" + i)
                    .property("text", "secret")
                    .build());
            graph.put(draft);
            ids.add(draft.id());
            for (String space : List.of("s", "t")) {
                namespace
                        .vectors()
                        .put(
                                space,
                                VectorPoint.builder(draft.id())
                                        .vector(1, i)
                                        .text("secret " + i)
                                        .build());
            }
        }
        UUID edge = graph.connect(ids.get(0), "to", ids.get(2));

        assertThat(namespace.erase(ids.subList(0, 2))).isEqualTo(2);
        for (String space : List.of("s", "t")) {
            assertThat(namespace.vectors().search(VectorQuery.nearest(space, Vector.of(1, 0), 10)))
                    .extracting(hit -> hit.point().id())
                    .containsExactly(ids.get(2));
            assertThat(namespace.vectors().searchText(TextQuery.of(space, "secret", 10)))
                    .extracting(hit -> hit.point().id())
                    .containsExactly(ids.get(2));
            assertThat(namespace.vectors().scroll(space, Filter.everything())).hasSize(1);
        }
        assertThat(graph.findByFingerprint(List.of("f0", "f1", "f2"))).containsOnlyKeys("f2");
        assertThat(graph.edgeHistory(edge)).isEmpty();
        assertThat(graph.getEdge(edge)).isEmpty();
        assertThat(graph.scanAll(NodeQuery.of(Filter.everything())).map(Node::id))
                .containsExactly(ids.get(2));
        assertThat(graph.walk(WalkQuery.from(ids).direction(Direction.BOTH).build()))
                .hasSize(1);
        assertThat(namespace.statistics().nodes()).isEqualTo(1);
        UUID next = UuidV7.next();
        assertThat(graph.putUnique(NodeDraft.of(
                        next, NodeContent.builder().fingerprint("f0").build())))
                .isEqualTo(next);
        assertThat(namespace.erase(ids.subList(0, 2)))
                .as("they are gone already")
                .isZero();
    }

    @Test
    @Needs({Capability.KEYS, Capability.DOCUMENTS})
    @Proves({"N6", "K3", "D3"})
    void subjectsSurviveIncrementsAndPatches(Kit kit) {
        Namespace namespace = kit.namespace();
        UUID about = UuidV7.next();
        namespace
                .batch()
                .add(PutKey.of("counter", Bytes.utf8("41")).about(about.toString()))
                .add(PutKey.of("mortal", Bytes.utf8("x")).about(about.toString()))
                .add(PutKey.of("moved", Bytes.utf8("x")).about(about.toString()))
                .add(new DocumentMutation.PutDocument(
                        "c", "d", PropertyMap.of("a", 1), about.toString(), Condition.none()))
                .add(new DocumentMutation.PutDocument(
                        "c", "moved", PropertyMap.of("a", 1), about.toString(), Condition.none()))
                .apply();
        namespace.keys().increment("counter", 1);
        namespace.keys().expire("mortal", java.time.Duration.ofHours(1));
        namespace.keys().put("moved", Bytes.utf8("about nothing"));
        namespace.documents("c").patch("d", PropertyMap.of("b", 2));
        namespace.documents("c").put("moved", PropertyMap.of("b", 2));
        assertThat(namespace.documents("c").get("d").orElseThrow().subject()).isEqualTo(about.toString());

        assertThat(namespace.erase(List.of(about)))
                .as("no node ever had the id")
                .isZero();
        assertThat(namespace.keys().scan("").map(entry -> entry.key())).containsExactly("moved");
        assertThat(namespace.documents("c").findAll(Filter.everything()).map(document -> document.id()))
                .containsExactly("moved");
    }

    @Test
    @Needs({Capability.EVENTS, Capability.CONSUMER_GROUPS})
    @Proves({"N6", "E3"})
    void deadLettersForgetToo(Kit kit) {
        Namespace namespace = kit.namespace();
        Events events = namespace.events();
        UUID gone = UuidV7.next();
        events.append(EventDraft.of("t", PropertyMap.of("secret", true)).about(gone.toString()));
        events.append(EventDraft.of("t", PropertyMap.of("stays", true)));
        events.createGroup(new ConsumerGroup("g", EventPosition.START, java.time.Duration.ofMillis(10), 1));
        kit.await("both are given up", () -> {
            events.claim("g", 10);
            return events.deadLetters("g").count() == 2;
        });
        assertThat(events.deadLetters("g").map(letter -> letter.event().payload()))
                .containsExactly(
                        Payload.json(PropertyMap.of("secret", true)), Payload.json(PropertyMap.of("stays", true)));

        namespace.erase(List.of(gone));
        assertThat(events.deadLetters("g").map(letter -> letter.event().payload()))
                .containsExactly(new Payload.Erased(), Payload.json(PropertyMap.of("stays", true)));
        assertThat(events.read(EventQuery.after(EventPosition.START, 10))).hasSize(2);
    }

    @Test
    @Needs({Capability.VECTORS, Capability.EVENTS, Capability.DOCUMENTS})
    @Proves({"N6", "N6a"})
    void whatIsLeftShowsUntilItIsErased(Kit kit) {
        Namespace namespace = kit.namespace();
        UUID node = put(namespace.graph(), "secret");
        UUID stays = put(namespace.graph(), "stays");
        namespace.graph().connect(node, "to", stays);
        UUID about = UuidV7.next();
        namespace.vectors().createSpace(VectorSpace.cosine("s", 2));
        namespace
                .batch()
                .put("s", VectorPoint.builder(node).vector(1, 0).build())
                .put(
                        "s",
                        VectorPoint.builder(UuidV7.next())
                                .vector(1, 1)
                                .subject(about.toString())
                                .build())
                .add(new DocumentMutation.PutDocument(
                        "c", "d", PropertyMap.of("secret", true), about.toString(), Condition.none()))
                .apply();
        // Alone, as notes of batches of several stores tell of them for a while.
        namespace
                .events()
                .append(EventDraft.of("t", PropertyMap.of("secret", true)).about(about.toString()));

        assertThat(left(namespace, node))
                .containsEntry(Remains.Kind.NODES, 1L)
                .containsEntry(Remains.Kind.EDGES, 1L)
                .containsEntry(Remains.Kind.POINTS, 1L);
        assertThat(left(namespace, about))
                .containsEntry(Remains.Kind.NODES, 0L)
                .containsEntry(Remains.Kind.POINTS, 1L)
                .containsEntry(Remains.Kind.EVENTS, 1L)
                .containsEntry(Remains.Kind.DOCUMENTS, 1L);
        assertThat(namespace.verifyErasure(List.of(node, about)).isDone()).isFalse();

        namespace.erase(List.of(node, about));
        kit.await(
                "the erasure is proven",
                () -> namespace.verifyErasure(List.of(node, about)).isDone());
        assertThat(left(namespace, stays)).containsEntry(Remains.Kind.NODES, 1L);
        assertThat(kit.namespace().verifyErasure(List.of(stays)).isDone())
                .as("it is in another namespace")
                .isTrue();
    }

    @Test
    @Needs(Capability.VECTORS)
    @Proves({"N6", "N6a"})
    void aPointWithTheIdThatIsAboutItTooIsLeftOnce(Kit kit) {
        Namespace namespace = kit.namespace();
        UUID one = UuidV7.next();
        UUID other = UuidV7.next();
        namespace.vectors().createSpace(VectorSpace.cosine("s", 2));
        for (UUID id : List.of(one, other)) {
            namespace
                    .vectors()
                    .put(
                            "s",
                            VectorPoint.builder(id)
                                    .vector(1, 0)
                                    .subject(one.toString())
                                    .build());
        }

        assertThat(left(namespace, one, other)).containsEntry(Remains.Kind.POINTS, 2L);
    }

    @Test
    @Proves({"N6", "N6a", "G9"})
    void moreThanTenThousandNodesAtOnceAreRefused(Kit kit) {
        Namespace namespace = kit.namespace();
        List<UUID> many = Collections.nCopies(10_001, UuidV7.next());

        List<ThrowingCallable> calls = List.of(() -> namespace.erase(many), () -> namespace.verifyErasure(many));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            InvalidRequestException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED))
                    .hasMessageContainingAll("nodes", "10001", "10000");
        }
    }

    /** A backend may not look for keys by their subject; what it says of them must be right. */
    @Test
    @Needs({Capability.KEYS, Capability.EVENTS, Capability.CONSUMER_GROUPS})
    @Proves({"N6", "N6a"})
    void keysAndDeadLettersThatAreLeftShow(Kit kit) {
        Namespace namespace = kit.namespace();
        UUID about = UuidV7.next();
        namespace
                .batch()
                .add(PutKey.of("k", Bytes.utf8("secret")).about(about.toString()))
                .append(EventDraft.of("t", PropertyMap.of("secret", true)).about(about.toString()))
                .apply();
        namespace.events().createGroup(new ConsumerGroup("g", EventPosition.START, java.time.Duration.ofMillis(10), 1));
        kit.await("it is given up", () -> {
            namespace.events().claim("g", 10);
            return namespace.events().deadLetters("g").count() == 1;
        });

        assertThat(left(namespace, about)).containsEntry(Remains.Kind.DEAD_LETTERS, 1L);
        boolean everyStoreLooks = namespace.verifyErasure(List.of(about)).stores().values().stream()
                .allMatch(store -> store.remains().counts().containsKey(Remains.Kind.KEYS));
        if (everyStoreLooks) {
            assertThat(left(namespace, about)).containsEntry(Remains.Kind.KEYS, 1L);
        }
        namespace.erase(List.of(about));
        assertThat(left(namespace, about).values()).containsOnly(0L);
    }

    /** Returns what all stores together have left. */
    private static Map<Remains.Kind, Long> left(Namespace namespace, UUID... ids) {
        Map<Remains.Kind, Long> all = new EnumMap<>(Remains.Kind.class);
        for (ErasureReport.Finding store :
                namespace.verifyErasure(List.of(ids)).stores().values()) {
            store.remains().counts().forEach((kind, count) -> all.merge(kind, count, Long::sum));
        }
        return all;
    }

    /** What was on its way when a namespace was dropped is as late as it was before. */
    @Test
    @Needs({Capability.GRAPH, Capability.ERASURE})
    @Proves({"N6", "N11", "G1"})
    void anErasedIdCannotBeWrittenAfterADropEither(Kit kit) {
        String name = kit.name();
        Namespace namespace = kit.connection().namespace(name);
        NodeDraft erased = NodeDraft.of(
                UuidV7.next(), NodeContent.builder().property("a", "secret").build());
        NodeDraft kept = NodeDraft.of(UuidV7.next(), NodeContent.builder().build());
        namespace.graph().put(erased);
        namespace.graph().put(kept);
        assertThat(namespace.erase(List.of(erased.id()))).isEqualTo(1);

        for (int life = 0; life < 3; life++) {
            namespace.drop();
            assertThatThrownBy(() -> namespace.graph().put(erased))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("was erased");
            assertThat(kit.connection().namespaces().anyMatch(name::equals))
                    .as("what is refused does not bring it back")
                    .isFalse();
            assertThat(namespace.graph().put(kept))
                    .as("it was dropped, not erased")
                    .isEqualTo(1);
            assertThatThrownBy(() -> namespace.graph().put(erased))
                    .as("in a later life")
                    .isInstanceOf(InvalidRequestException.class);
            assertThat(namespace.graph().get(erased.id())).isEmpty();
            assertThat(namespace.erase(List.of(erased.id()))).isZero();
            assertThat(namespace.graph().diff(Instant.EPOCH, Instant.now().plusSeconds(60)))
                    .as("what an earlier life erased is none of this one's changes")
                    .extracting(NodeChange::id)
                    .containsExactly(kept.id());
            assertThat(namespace.statistics().nodes()).isEqualTo(1);
            assertThat(kit.backend()
                            .remains(
                                    new ReadScope(
                                            NamespaceName.of(name),
                                            Deadline.after(Duration.ofSeconds(30)),
                                            CommitToken.NONE),
                                    List.of(erased.id()))
                            .counts()
                            .values())
                    .containsOnly(0L);
        }
        assertThat(kit.namespace().graph().put(erased)).as("another namespace").isEqualTo(1);
    }
}

package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.replaced;

import io.contextdb.spi.Remains;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.DeadLetter;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Mistakes that leave something of what was to be forgotten. */
final class ErasureDefects {
    private ErasureDefects() {}

    static List<Defect> all() {
        return List.of(
                of(
                        "remains-never-found",
                        "What is left of erased nodes is looked for, and never found.",
                        "N6a",
                        in("remains", call -> {
                            Map<Remains.Kind, Long> nothing = new java.util.EnumMap<>(Remains.Kind.class);
                            call.<Remains>result().counts().keySet().forEach(kind -> nothing.put(kind, 0L));
                            return new Remains(nothing);
                        })),
                of(
                        "key-subjects-lost",
                        "Erasure leaves keys about the node.",
                        "N6",
                        replaced(KeyMutation.PutKey.class, put -> put.about(""))),
                of(
                        "counter-subjects-lost",
                        "Erasure leaves counters about the node.",
                        "N6",
                        in(
                                "apply",
                                call -> call.rewriting(
                                                KeyMutation.PutKey.class,
                                                put -> put.value().utf8().matches("-?\\d+") ? put.about("") : put)
                                        .proceed())),
                of(
                        "document-subjects-lost",
                        "Erasure leaves documents about the node.",
                        "N6",
                        replaced(
                                DocumentMutation.PutDocument.class,
                                put -> new DocumentMutation.PutDocument(
                                        put.collection(), put.id(), put.body(), "", put.condition()))),
                of(
                        "point-subjects-lost",
                        "Erasure leaves points about the node.",
                        "N6 V5b",
                        replaced(
                                VectorMutation.PutPoint.class,
                                put -> new VectorMutation.PutPoint(
                                        put.space(),
                                        put.point().toBuilder().subject("").build()))),
                of(
                        "event-subjects-lost",
                        "Erasure leaves payloads of events about the node.",
                        "N6 E2",
                        Fault.written(EventDraft.class, draft -> draft.about(""))),
                remembering(
                        "erased-edges-stay",
                        "Erasure leaves the edges at the node to be read by their ids.",
                        "N6",
                        () -> kept(
                                (call, id) -> call.healthy()
                                        .graph()
                                        .edges(call.before(), EdgeQuery.of(Direction.BOTH, id))
                                        .items(),
                                (call, edges) -> call.is("graph.getEdges")
                                        ? joined(
                                                call,
                                                edges.stream()
                                                        .filter(edge -> call.asked(UUID.class)
                                                                .contains(edge.id()))
                                                        .toList())
                                        : call.proceed())),
                remembering(
                        "erased-edge-history-stays",
                        "Erasure leaves the history of the edges at the node.",
                        "N6",
                        () -> kept(
                                (call, id) -> call.healthy()
                                        .graph()
                                        .edges(call.before(), EdgeQuery.of(Direction.BOTH, id))
                                        .items(),
                                (call, edges) -> call.is("graph.edgeHistory")
                                        ? new Page<>(
                                                joined(
                                                        call.<Edge>page().items(),
                                                        edges.stream()
                                                                .filter(edge -> edge.id()
                                                                        .equals(call.argument(UUID.class)))
                                                                .toList()),
                                                "")
                                        : call.proceed())),
                remembering(
                        "erased-history-stays",
                        "Erasure leaves the history of the node.",
                        "N6",
                        () -> kept(
                                (call, id) -> call.healthy()
                                        .graph()
                                        .history(call.before(), id, PageRequest.first())
                                        .items(),
                                (call, nodes) -> call.is("graph.history")
                                        ? new Page<>(
                                                joined(
                                                        call.<Node>page().items(),
                                                        nodes.stream()
                                                                .filter(node -> node.id()
                                                                        .equals(call.argument(UUID.class)))
                                                                .toList()),
                                                "")
                                        : call.proceed())),
                remembering(
                        "erased-fingerprint-stays",
                        "Erasure leaves the fingerprint of the node.",
                        "N6",
                        () -> kept(
                                (call, id) -> call.healthy().graph().get(call.before(), List.of(id)), (call, nodes) -> {
                                    if (!call.is("graph.findByFingerprint")) {
                                        return call.proceed();
                                    }
                                    Map<String, Node> found = new java.util.HashMap<>(call.<Map<String, Node>>result());
                                    nodes.stream()
                                            .filter(node -> call.asked(String.class)
                                                    .contains(node.content().fingerprint()))
                                            .forEach(node ->
                                                    found.put(node.content().fingerprint(), node));
                                    return found;
                                })),
                remembering(
                        "erased-points-found",
                        "Erasure leaves the point of the node in the vector index.",
                        "N6",
                        () -> kept(
                                ErasureDefects::points,
                                (call, points) -> call.is("vectors.search")
                                        ? hits(call, points, VectorQuery.class)
                                        : call.proceed())),
                remembering(
                        "erased-text-found",
                        "Erasure leaves the text of the node in the text index.",
                        "N6",
                        () -> kept(
                                ErasureDefects::points,
                                (call, points) -> call.is("vectors.searchText")
                                        ? hits(call, points, TextQuery.class)
                                        : call.proceed())),
                remembering(
                        "erased-dead-letters-stay",
                        "Erasure leaves the payloads of dead letters about the node.",
                        "N6",
                        () -> {
                            Map<Object, Event> whole = new ConcurrentHashMap<>();
                            return call -> {
                                if (call.is("events.read")) {
                                    call.<Event>list().stream()
                                            .filter(event -> !(event.payload() instanceof Payload.Erased))
                                            .forEach(event ->
                                                    whole.put(call.scope().namespace() + "" + event.position(), event));
                                }
                                if (call.is("events.deadLetters")) {
                                    return Rewriting.within(call.proceed(), DeadLetter.class, letter -> {
                                        whole.putIfAbsent(
                                                call.scope().namespace() + ""
                                                        + letter.event().position(),
                                                letter.event());
                                        return new DeadLetter(
                                                whole.get(call.scope().namespace() + ""
                                                        + letter.event().position()),
                                                letter.attempts());
                                    });
                                }
                                return call.proceed();
                            };
                        }),
                of(
                        "erased-events-removed",
                        "Erasure removes events about the node, so that positions are missing.",
                        "N6",
                        Fault.hidden("events.read", Event.class, event -> event.payload() instanceof Payload.Erased)),
                of(
                        "erased-ids-written-again",
                        "An id that was erased can be written again.",
                        "N6",
                        Fault.quiet(
                                "apply",
                                InvalidRequestException.class,
                                failed -> failed.field().equals("node.id"),
                                call -> new WriteReceipt(
                                        call.batch().operationId(),
                                        List.of(new MutationResult.Written(1)),
                                        CommitToken.NONE,
                                        Instant.now()))),
                of(
                        "erasure-counts-what-was-asked",
                        "Erasure returns how many ids were asked for.",
                        "N6",
                        Fault.receipt((mutation, result) -> mutation instanceof GraphMutation.Erase erase
                                ? new MutationResult.Removed(erase.ids().size())
                                : result)),
                of(
                        "erasure-of-nodes-only",
                        "Erasure leaves what is about an id that no node ever had.",
                        "N6",
                        in(
                                "apply",
                                call -> call.rewriting(GraphMutation.Erase.class, erase -> {
                                            List<UUID> there =
                                                    call.healthy().graph().get(call.before(), erase.ids()).stream()
                                                            .map(Node::id)
                                                            .toList();
                                            return new GraphMutation.Erase(
                                                    there.isEmpty() ? List.of(UUID.randomUUID()) : there);
                                        })
                                        .proceed())),
                of(
                        "erasure-of-the-first",
                        "Erasure of several nodes stops at the first.",
                        "N6",
                        replaced(
                                GraphMutation.Erase.class,
                                erase -> new GraphMutation.Erase(erase.ids().subList(0, 1)))));
    }

    /** Keeps what is there of each node that is erased, and lets reads show it. */
    private static <T> Fault kept(
            BiFunction<Call, UUID, List<T>> before, BiFunction<Call, List<T>, @Nullable Object> shown) {
        List<T> all = java.util.Collections.synchronizedList(new ArrayList<>());
        return call -> {
            if (!call.is("apply")) {
                return shown.apply(call, List.copyOf(all));
            }
            call.batch().mutations().stream()
                    .filter(GraphMutation.Erase.class::isInstance)
                    .flatMap(erase -> ((GraphMutation.Erase) erase).ids().stream())
                    .forEach(id -> all.addAll(before.apply(call, id)));
            return call.proceed();
        };
    }

    private record Kept(String space, VectorPoint point) {}

    private static List<Kept> points(Call call, UUID id) {
        List<Kept> points = new ArrayList<>();
        for (VectorSpace space : call.healthy().vectors().spaces(call.before())) {
            call.healthy()
                    .vectors()
                    .get(call.before(), space.name(), List.of(id))
                    .forEach(point -> points.add(new Kept(space.name(), point)));
        }
        return points;
    }

    private static Object hits(Call call, List<Kept> points, Class<?> query) {
        List<List<Hit>> results = new ArrayList<>();
        List<List<Hit>> found = call.result();
        List<?> queries = call.argument(List.class);
        for (int i = 0; i < found.size(); i++) {
            List<Hit> hits = new ArrayList<>(found.get(i));
            Object asked = query.cast(queries.get(i));
            for (Kept kept : points) {
                boolean vector = asked instanceof VectorQuery near
                        && near.space().equals(kept.space())
                        && kept.point().vector().isPresent();
                boolean text = asked instanceof TextQuery words
                        && words.space().equals(kept.space())
                        && kept.point().text().contains(words.text());
                if (vector || text) {
                    hits.add(new Hit(kept.point().withoutVector(), -2));
                }
            }
            results.add(hits);
        }
        return results;
    }

    private static <T> List<T> joined(Call call, List<T> more) {
        return joined(call.<T>list(), more);
    }

    private static <T> List<T> joined(List<T> list, List<T> more) {
        List<T> all = new ArrayList<>(list);
        all.addAll(more);
        return all;
    }
}
